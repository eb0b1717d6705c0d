# One file for every service: docker build --build-arg SERVICE=quests -t lifeos-quests .
# and for the release steps:      docker build --target release -t lifeos-release .

FROM node:20.20-bookworm-slim AS sources
WORKDIR /app
COPY . .

FROM sources AS build
RUN npm ci --ignore-scripts
RUN npx tsc -b && rm -rf libs/*/src apps/*/src tools/*/src

# What runs gets its own packages only: no compiler, no tests, no local databases.
FROM sources AS service-packages
ARG SERVICE
RUN npm ci --ignore-scripts --omit=dev --workspace "@lifeos/${SERVICE}"

FROM sources AS release-packages
RUN npm ci --ignore-scripts --omit=dev --workspace @lifeos/cli

FROM node:20.20-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
# Volumes that are mounted here belong to the unprivileged user.
RUN mkdir -p /keys/private /keys/public && chown -R node:node /keys
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
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# exec: signals reach Node itself, which then stops in order.
CMD ["sh", "-c", "exec node apps/$SERVICE/dist/main.js"]
