// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    /// <inheritdoc/>
    public async Task<IEngineEventReader> OpenEventsAsync(
        long? sinceUnixNanoseconds, EngineEventFilter filter, CancellationToken cancellationToken)
    {
        var path = EnginePath.WithQuery(
            "/events",
            ("since", sinceUnixNanoseconds is { } since ? EngineTime.ToParameter(since) : null),
            ("filters", EnginePath.Filters(("type", filter.Types), ("event", filter.Actions), ("label", filter.Labels))));
        return new DockerEventReader(await _transport.OpenAsync(DockerCall.Get(path), idle: null, cancellationToken));
    }
}
