# The simulated home and model, published before: see build-simulator-image.sh.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="Lucia's simulator" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/seiggy/lucia-dotnet"
# Inside a container its network is the bound; elsewhere the simulator refuses whatever is not loopback.
ENV ASPNETCORE_URLS=http://0.0.0.0:5080 \
    Simulator__AnyAddress=true \
    DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY app ./
USER $APP_UID
EXPOSE 5080
ENTRYPOINT ["dotnet", "lucia.Simulator.dll"]
