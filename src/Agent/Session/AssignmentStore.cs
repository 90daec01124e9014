// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Model;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>
/// The assignment, in memory and on disk (<c>agent/assignments.pb</c>, sealed, with its previous generation). Specs are in it, registry
/// credentials
/// never. Only one session at a time writes.
/// </summary>
/// <param name="paths">Where.</param>
/// <param name="cluster">The only cluster whose file is believed.</param>
/// <param name="floor">The version that <c>node.json</c> remembers.</param>
/// <param name="logger">For damage.</param>
internal sealed partial class AssignmentStore(ClusterPaths paths, ClusterId cluster, StateVersion floor, ILogger<AssignmentStore> logger)
{
    /// <summary>The file's name in the agent's directory.</summary>
    public const string FileName = "assignments.pb";

    /// <summary>The file by which an operator confirms a new life of the state: a decimal number.</summary>
    public const string ConfirmationFileName = "confirmed-incarnation";

    private readonly string _file = Path.Combine(paths.AgentDirectory, FileName);

    private bool _isBehind;

    /// <summary>The disk. Default: this machine's.</summary>
    public AtomicFiles Files { get; init; } = AtomicFiles.Local;

    /// <summary>The assignment as it is now.</summary>
    public AssignmentBook Book { get; private set; } = AssignmentBook.Unknown(floor);

    /// <summary>
    /// Reads the disk. Nothing there: a node that has just joined, which is known to have nothing only if it never had a file.
    /// Damaged in both generations, of another cluster, or of a newer format: unknown, so that nothing is removed.
    /// </summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var read = await Files.ReadSealedAsync(_file, cancellationToken);
        if (read.Problem is { } problem) LogDamaged(logger, problem);
        var loaded = read.HasContent ? Parse(read.Content.Span) : null;
        if (loaded is not null) Book = loaded with { Version = loaded.Version < floor ? floor : loaded.Version };
    }

    /// <summary>The highest life of the state that is believed: what join wrote, or what an operator confirmed since.</summary>
    public async Task<long> ConfirmedIncarnationAsync(CancellationToken cancellationToken)
    {
        var text = await Files.ReadTextAsync(Path.Combine(paths.AgentDirectory, ConfirmationFileName), cancellationToken);
        var known = Math.Max(Book.Version.Incarnation, floor.Incarnation);
        return long.TryParse(text?.Trim(), out var confirmed) ? Math.Max(confirmed, known) : known;
    }

    /// <summary>Judges an update and, if it is good, stores it and makes it the book.</summary>
    public async Task<GateVerdict> ApplyAsync(AssignmentUpdate update, CancellationToken cancellationToken)
    {
        var confirmed = await ConfirmedIncarnationAsync(cancellationToken);
        var verdict = VersionGate.Judge(cluster, Book, confirmed, update);
        if (verdict != GateVerdict.Accept) return verdict;
        Book = Book.Apply(update);
        // Acting without the disk's memory is better than not acting.
        await WriteAsync(cancellationToken);
        return verdict;
    }

    /// <summary>Writes again what the disk refused last; nothing happens when it did not. Called with each of the leader's beats.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_isBehind) await WriteAsync(cancellationToken);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Files.WriteSealedAsync(_file, Book.ToWire(cluster).ToByteArray(), FileModes.Private, cancellationToken);
            if (_isBehind) LogWritten(logger);
            _isBehind = false;
        }
        catch (IOException error)
        {
            if (!_isBehind) LogNotWritten(logger, error.Message);
            _isBehind = true;
        }
    }

    private AssignmentBook? Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            var stored = V1.Assignments.Parser.ParseFrom(content);
            var update = stored.ToModel();
            if (update?.Cluster == cluster)
                return AssignmentBook.Unknown(default).Apply(update with { IsFromDisk = true, KeepsOrphans = stored.KeepOrphans });
            LogDamaged(logger, "it belongs to another cluster");
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or ArgumentException)
        {
            LogDamaged(logger, error.Message);
        }
        return null;
    }

    [LoggerMessage(EventIds.AgentSession + 20, LogLevel.Error, "The assignment's file is damaged: {Problem}",
        EventName = "AssignmentsDamaged")]
    private static partial void LogDamaged(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentSession + 21, LogLevel.Error, "The assignment's file can not be written: {Problem}",
        EventName = "AssignmentsNotWritten")]
    private static partial void LogNotWritten(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentSession + 22, LogLevel.Information, "The assignment's file is written again",
        EventName = "AssignmentsWritten")]
    private static partial void LogWritten(ILogger logger);
}
