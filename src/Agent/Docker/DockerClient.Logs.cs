// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    private const int LogReadBytes = 16 * 1024;

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogLine> ReadLogsAsync(
        string nameOrId, LogRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whether there are frames, engines before API 1.42 do not say in their answer.
        var container = await InspectContainerAsync(nameOrId, cancellationToken);
        var decoder = new LogFrameDecoder(container.Tty);
        var lines = new Queue<LogLine>();
        var buffer = new byte[LogReadBytes];
        await using var stream = await _transport.OpenAsync(DockerCall.Get(LogPath(container.Id, request)), idle: null, cancellationToken);
        while (true)
        {
            var count = await stream.ReadAsync(buffer, cancellationToken);
            if (count > 0)
                decoder.Feed(buffer.AsSpan(0, count), lines);
            else
                decoder.Finish(lines);
            while (lines.TryDequeue(out var line))
                yield return line;
            if (count == 0)
                yield break;
        }
    }

    private static string LogPath(string id, LogRequest request) => EnginePath.WithQuery(
        Of(id, "logs"),
        ("stdout", request.Stdout ? "true" : null),
        ("stderr", request.Stderr ? "true" : null),
        ("timestamps", "true"),
        ("follow", request.Follow ? "true" : null),
        ("since", request.SinceUnixNanoseconds is { } since ? EngineTime.ToParameter(since) : null),
        ("until", request.UntilUnixNanoseconds is { } until ? EngineTime.ToParameter(until) : null),
        ("tail", request.Tail?.ToString(CultureInfo.InvariantCulture)));
}
