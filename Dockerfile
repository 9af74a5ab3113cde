# Two stages: the packages of the lock, then the server with them. Build: docker build -t park .
FROM python:3.13-slim AS packages
WORKDIR /srv/park
COPY requirements.txt ./
# pip stays behind in this stage: what runs later has no installer.
RUN python -m venv --without-pip /opt/park \
 && python -m pip --python /opt/park/bin/python install --no-cache-dir --disable-pip-version-check \
    --only-binary=:all: --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/park/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/park
COPY --from=packages /opt/park /opt/park
COPY app.py ./
COPY .streamlit ./.streamlit
COPY data ./data
COPY queries ./queries
COPY pages ./pages
# The database is part of the image: broken sources fail here, and nothing is written when the server starts.
RUN python -m data.build && python -m compileall -q data queries pages

# A number, so that a cluster can see that it is not root. It owns no file.
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; port = os.environ.get('STREAMLIT_SERVER_PORT', '8501'); base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); urllib.request.urlopen('/'.join(filter(None, ['http://127.0.0.1:' + port, base, '_stcore/health'])), timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
