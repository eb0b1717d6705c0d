# One file for every service: docker build --build-arg SERVICE=quests -t lifeos-quests .
# and for the release steps:      docker build --target release -t lifeos-release .
# Docker Engine 25 or newer.

FROM node:20.20-bookworm-slim AS sources
WORKDIR /app
COPY . .

# Only what npm reads, so that a change in a source file installs nothing again.
FROM sources AS manifests
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

FROM node:20.20-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx tsc -b && rm -rf libs/*/src apps/*/src tools/*/src

# What runs gets its own packages only. Tools that a workspace names for its tests are workspaces as well, which npm
# would install with all that they need (a whole PostgreSQL): their folders are taken away first.
FROM node:20.20-bookworm-slim AS service-packages
WORKDIR /app
COPY --from=manifests /app ./
RUN rm -rf tools
ARG SERVICE
RUN test -f "apps/${SERVICE:-none}/package.json" || { echo "which service? --build-arg SERVICE=<a folder of apps/>" >&2; exit 1; }
RUN npm ci --ignore-scripts --omit=dev --workspace "@lifeos/${SERVICE}"

FROM node:20.20-bookworm-slim AS release-packages
WORKDIR /app
COPY --from=manifests /app ./
RUN find tools -mindepth 1 -maxdepth 1 ! -name cli ! -name codegen -exec rm -r {} +
RUN npm ci --ignore-scripts --omit=dev --workspace @lifeos/cli

FROM node:20.20-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-semi-space-size=8"
# Volumes that are mounted here belong to the unprivileged user.
RUN mkdir -p /keys/private /keys/public /keys/credentials && chown -R node:node /keys
COPY --from=build /app/package.json ./
COPY --from=build /app/libs ./libs

FROM base AS release
COPY --from=release-packages /app/node_modules ./node_modules
COPY --from=build /app/tools/cli ./tools/cli
COPY --from=build /app/tools/codegen ./tools/codegen
COPY --from=build /app/schemas ./schemas
COPY --from=build /app/apps ./apps
USER node
ENTRYPOINT ["node", "tools/cli/bin/lifeos.mjs"]

FROM base AS service
ARG SERVICE
COPY --from=service-packages /app/node_modules ./node_modules
COPY --from=build /app/apps/${SERVICE} ./apps/${SERVICE}
ENV HOST=0.0.0.0 PORT=3000 SERVICE=${SERVICE}
EXPOSE 3000
USER node
# Often while it starts, seldom afterwards: each check is a process of Node, which eight services would feel.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --start-interval=2s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# exec: signals reach Node itself, which then stops in order.
CMD ["sh", "-c", "exec node apps/$SERVICE/dist/main.js"]
