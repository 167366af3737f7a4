# The studio's two images: `web` (page, API, projects) and `runner` (workers with their pipelines).
# Not built where it was written: no image registry could be reached there. docs/operators.md says how to check it.
# Pin the base by digest before you rely on it: `docker buildx imagetools inspect python:3.11-slim-bookworm`.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg git git-lfs make \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 studio \
 && install -d -o studio -g studio /films /work

# Everything that `make studio` sets up: Python packages, the pipelines' environments and the page, from the lock files.
FROM base AS built
WORKDIR /studio
COPY . .
RUN python3 tools/setup.py studio && rm -rf studio_web/node_modules .tools .stamps

FROM base AS web
COPY --from=built /studio /studio
WORKDIR /studio
ENV PATH=/studio/.venv/bin:$PATH
USER studio
VOLUME /films
EXPOSE 8000
CMD ["python", "-m", "studio_server", "web"]

FROM base AS runner
COPY --from=built /studio /studio
WORKDIR /studio
ENV PATH=/studio/.venv/bin:$PATH
USER studio
VOLUME /work
CMD ["python", "-m", "function_runner"]
