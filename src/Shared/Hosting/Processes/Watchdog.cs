// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Tells systemd that the process is alive, as long as it proves it. A process that hangs proves nothing and is started anew; its
/// containers run on.
/// </summary>
/// <param name="notifier">systemd; without its watchdog this does nothing.</param>
/// <param name="proof">Ends when the loop that does the work has taken a turn. It may wait as long as it likes: that is the point.</param>
/// <param name="time">The clock.</param>
public sealed class Watchdog(SystemdNotifier notifier, Func<CancellationToken, Task> proof, TimeProvider time)
{
    /// <summary>Runs until cancelled; at once when nobody watches.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (notifier.WatchdogPeriod is not { } period) return;
        while (true)
        {
            await proof(cancellationToken);
            notifier.Watchdog();
            await Task.Delay(period, time, cancellationToken);
        }
    }
}
