// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Agent.Node;

/// <summary>The roots that this node trusts, in memory and on disk. Thread-safe for reading; one writer.</summary>
/// <param name="paths">Where.</param>
/// <param name="initial">What the disk had at the start.</param>
internal sealed class TrustKeeper(ClusterPaths paths, TrustBundle initial)
{
    private volatile TrustBundle _current = initial;

    /// <summary>The disk. Default: this machine's.</summary>
    public AtomicFiles Files { get; init; } = AtomicFiles.Local;

    /// <summary>The roots at this moment.</summary>
    public TrustBundle Current => _current;

    /// <summary>
    /// Takes over what a trusted manager says are all roots; ignored when it is empty or damaged. Written before it is used, so that a
    /// restart never
    /// trusts less than the running process.
    /// </summary>
    public async Task ReplaceAsync(IEnumerable<string> certificatesPem, CancellationToken cancellationToken)
    {
        if (TrustBundle.TryParse(string.Join('\n', certificatesPem), out _) is not { } bundle) return;
        var pem = bundle.ToPem();
        if (pem == _current.ToPem()) return;
        await Files.WriteAsync(paths.TrustedRoots, Encoding.ASCII.GetBytes(pem), FileModes.Shared, cancellationToken);
        _current = bundle;
    }
}
