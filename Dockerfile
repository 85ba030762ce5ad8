# The bot in a container. How to run it: docs/deploy.md

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY src/webex/stand-ins src/webex/stand-ins
RUN npm ci --no-audit --no-fund
COPY rolldown.config.js ./
COPY src src
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund
RUN mkdir data

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY cards cards
# The default of DATA_DIR. Owned by the user of the bot, so that a new volume is as well.
COPY --from=build --chown=node:node /app/data data
USER node
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As the Procfile: this heap fits into 512 MB.
CMD ["node", "--max-old-space-size=320", "--max-semi-space-size=4", "--v8-pool-size=1", "--enable-source-maps", "dist/main.js"]
