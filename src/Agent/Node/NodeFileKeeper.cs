// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Agent.Node;

/// <summary>
/// The only writer of <c>node.json</c> while the agent runs. Several parts keep it current, each its own fields: every change is made to
/// what is on disk at that moment, one after the other, so that none takes back another's.
/// </summary>
internal sealed class NodeFileKeeper(ClusterPaths paths, AtomicFiles? files = null) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SealedJsonFile<NodeFile> _file = NodeFile.At(paths, files);

    /// <summary>What is on disk; null when there is nothing readable.</summary>
    public async Task<NodeFile?> ReadAsync(CancellationToken cancellationToken) => (await _file.ReadAsync(cancellationToken)).Value;

    /// <summary>Changes it; does nothing when there is nothing readable, or nothing changes.</summary>
    /// <param name="change">Returns its argument itself when nothing is to change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The disk refuses; the old content is still there.</exception>
    public async Task UpdateAsync(Func<NodeFile, NodeFile> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await ReadAsync(cancellationToken) is not { } node) return;
            var changed = change(node);
            if (!ReferenceEquals(changed, node)) await _file.WriteAsync(changed, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
