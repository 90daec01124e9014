// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Turns SIGTERM and SIGINT into a cancelled token, so that a process ends in its own order; SIGHUP (a closed terminal) is ignored.
/// Make one at the beginning of <c>Main</c>.
/// </summary>
public sealed class TerminationSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens from now on.</summary>
    public TerminationSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops listening: a further signal has its ordinary effect.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        // Cancel means: do not end the process; its own code does that.
        context.Cancel = true;
        _source.Cancel();
    }
}
