# Refract with the example application. docs/deployment.md shows how to make an image for a project of yours from it.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: Prisma's would try to download a native engine that Refract does not use.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
# The client and the models' description belong into the image: a start then only reads them.
RUN node bin/refract.js generate

FROM node:22-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000
WORKDIR /app
COPY --from=build --chown=node:node /app /app
USER node
EXPOSE 4000
# Alive, not ready: a database that is down is no reason to restart the gateway.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/refract.js"]
CMD ["start"]
