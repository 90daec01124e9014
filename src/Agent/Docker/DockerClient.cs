// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// The Docker Engine API over the engine's unix socket: only the calls that the agent makes (docs/docker.md lists them).
/// One file per kind of object. Safe for several callers at once; one instance per engine and process.
/// </summary>
internal sealed partial class DockerClient : IContainerEngine, IDisposable
{
    private readonly DockerClientOptions _options;
    private readonly DockerTransport _transport;

    /// <summary>Prepares a client; nothing is sent before the first call, so that an engine that is down is no error here.</summary>
    public DockerClient(DockerClientOptions options, TimeProvider time)
    {
        _options = options;
        _transport = new DockerTransport(options, time);
    }

    /// <inheritdoc/>
    public async Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        var dto = await _transport.CallAsync(DockerCall.Get("/info"), DockerJson.Default.EngineInfoDto, cancellationToken);
        return new EngineInfo
        {
            Id = dto.ID ?? "",
            Name = dto.Name ?? "",
            ServerVersion = dto.ServerVersion ?? "",
            ApiVersion = _transport.Version,
            Cpus = dto.NCPU,
            MemoryBytes = dto.MemTotal,
            OsType = dto.OSType ?? "",
            OperatingSystem = dto.OperatingSystem ?? "",
            Architecture = dto.Architecture ?? "",
            KernelVersion = dto.KernelVersion ?? "",
            CgroupVersion = dto.CgroupVersion ?? "",
            StorageDriver = dto.Driver ?? "",
            LiveRestore = dto.LiveRestoreEnabled,
            SecurityOptions = dto.SecurityOptions ?? [],
            DataRoot = dto.DockerRootDir ?? "",
            ContainersRunning = dto.ContainersRunning,
        };
    }

    /// <inheritdoc/>
    public async Task PingAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        // As a stream, since those have connections of their own: sixteen slow stops must not look like an engine that hangs.
        await using var answer = await _transport.OpenAsync(DockerCall.Get("/_ping") with { Deadline = limit }, null, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static byte[] Json<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);
}
