# syntax=docker/dockerfile:1
# One image for all roles: `docker run … comanda:dev orders`. Without a role it is the shop in a box:
#   docker run --publish 127.0.0.1:8080:8080 --volume comanda:/data comanda:dev
#
# Base images are named by version, not by digest: a digest has to be looked up by whoever publishes.
# The two Debian releases must be the same, or the program asks for a C library that the last stage does not have.

FROM node:22-bookworm-slim AS web
WORKDIR /src/gateway/web
COPY gateway/web/package.json gateway/web/package-lock.json gateway/web/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY proto /src/proto
COPY gateway/web ./
RUN npm run build

# Brings the C compiler that the bundled SQLite needs. The toolchain is the image's own: the repository's
# rust-toolchain file stays outside, or rustup would fetch another one with tools that no build needs.
FROM rust:1.95-bookworm AS program
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY proto proto
COPY migrations migrations
COPY crates crates
COPY services services
COPY gateway gateway
COPY src src
COPY tests/harness/Cargo.toml tests/harness/
# Manifests name the tests and the benches; cargo wants to see that they exist, not what they say.
RUN install -D /dev/null tests/it/main.rs && install -D /dev/null benches/bench/main.rs && \
    install -D /dev/null tests/harness/src/lib.rs
COPY --from=web /src/gateway/web/dist gateway/web/dist
# Dependencies stay built from one build to the next; what leaves is copied out of the cache.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --bin comanda \
    && install -D target/release/comanda /out/comanda \
    && install -d /out/data

FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="Comanda" \
      org.opencontainers.image.description="Ordering for coffee shops" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=program /out/comanda /usr/local/bin/comanda
COPY --from=program --chown=65532:65532 /out/data /data
# For the shop in a box; roles on their own are told everything by their deployment.
ENV COMANDA_DATA_DIR=/data \
    COMANDA_GATEWAY_LISTEN=0.0.0.0:8080
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/comanda"]
