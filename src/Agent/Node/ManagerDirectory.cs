// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Wire.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Where the managers are: from <c>node.json</c>, then from the cluster map that each session brings; kept on disk
/// (<c>agent/cluster-map.pb</c> and
/// <c>node.json</c>), so that an agent finds managers that moved while it was away.
/// </summary>
internal sealed partial class ManagerDirectory
{
    private readonly NodeFileKeeper _nodeFile;
    private readonly TrustKeeper _trust;
    private readonly ImmutableArray<string> _initial;
    private readonly ILogger<ManagerDirectory> _logger;
    private readonly string _file;
    private ClusterMap? _map;

    /// <summary>A directory that begins with the addresses of <c>node.json</c>.</summary>
    public ManagerDirectory(
        ClusterPaths paths, NodeFileKeeper nodeFile, TrustKeeper trust, ImmutableArray<string> initial, ILogger<ManagerDirectory> logger)
    {
        _nodeFile = nodeFile;
        _trust = trust;
        _initial = initial;
        _logger = logger;
        _file = Path.Combine(paths.AgentDirectory, "cluster-map.pb");
        Addresses = initial;
    }

    /// <summary>The disk. Default: this machine's.</summary>
    public AtomicFiles Files { get; init; } = AtomicFiles.Local;

    /// <summary>The addresses, <c>host:port</c>; those of the map first.</summary>
    public ImmutableArray<string> Addresses { get; private set; }

    /// <summary>The managers want this node's Consul agent to be a server.</summary>
    public bool WantsConsulServer => Volatile.Read(ref _map)?.ConsulServer == true;

    /// <summary>Reads the map that the last session left.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var read = await Files.ReadSealedAsync(_file, cancellationToken);
        if (!read.HasContent) return;
        try
        {
            Use(ClusterMap.Parser.ParseFrom(read.Content.Span));
        }
        catch (InvalidProtocolBufferException error)
        {
            LogNotKept(_logger, error.Message);
        }
    }

    /// <summary>Takes over a map that a leader sent; nothing happens when it is the same.</summary>
    public async Task ReplaceAsync(ClusterMap map, CancellationToken cancellationToken)
    {
        if (map.Equals(_map)) return;
        Use(map);
        try
        {
            await _trust.ReplaceAsync(map.CaCertificatesPem, cancellationToken);
            await Files.WriteSealedAsync(_file, map.ToByteArray(), FileModes.Private, cancellationToken);
            await KeepNodeFileAsync(cancellationToken);
        }
        catch (IOException error)
        {
            LogNotKept(_logger, error.Message);
        }
    }

    private void Use(ClusterMap map)
    {
        _map = map;
        var fromMap = map.Managers.Select(m => m.Address).Where(a => a.Length > 0).ToImmutableArray();
        // The old ones stay behind the new: better one address too many than none that answers.
        Addresses = fromMap.IsEmpty ? Addresses : [.. fromMap.Union(_initial)];
    }

    private async Task KeepNodeFileAsync(CancellationToken cancellationToken)
    {
        var known = _map!.Managers.Select(m => m.Address).Where(a => a.Length > 0).ToImmutableArray();
        if (known.IsEmpty) return;
        await _nodeFile.UpdateAsync(
            node => node.ManagerAddresses.SequenceEqual(known) ? node : node with { ManagerAddresses = known }, cancellationToken);
    }

    [LoggerMessage(EventIds.AgentSession + 30, LogLevel.Error, "The managers' addresses can not be kept: {Problem}",
        EventName = "ClusterMapNotKept")]
    private static partial void LogNotKept(ILogger logger, string problem);
}
