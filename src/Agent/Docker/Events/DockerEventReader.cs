// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Reads the engine's event stream: one JSON object a line.</summary>
internal sealed class DockerEventReader(EngineStream stream) : IEngineEventReader
{
    private readonly EngineLineReader _lines = new(stream);

    /// <inheritdoc/>
    public async ValueTask<EngineEvent> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await _lines.ReadLineAsync(cancellationToken)
            ?? throw new DockerException(DockerErrorKind.EngineUnavailable, "the engine ended the stream of events");
        return ToEvent(DockerTransport.Parse(line.Span, DockerJson.Default.EventDto));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static EngineEvent ToEvent(EventDto dto) => new(
        dto.timeNano != 0 ? dto.timeNano : dto.time * 1_000_000_000,
        dto.Type ?? "",
        dto.Action ?? "",
        dto.Actor?.ID ?? "",
        EngineMapping.Sorted(dto.Actor?.Attributes));
}
