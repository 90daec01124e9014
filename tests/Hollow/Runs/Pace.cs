// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hollow.Runs;

/// <summary>Does something at a steady rate.</summary>
internal static class Pace
{
    /// <summary>Begins an act each period, whether or not the last has ended, until cancelled; then waits for those under way.</summary>
    /// <param name="perSecond">0: never.</param>
    /// <param name="act">Told its number, from 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it without an exception.</param>
    public static async Task RunAsync(double perSecond, Func<int, Task> act, TimeProvider time, CancellationToken cancellationToken)
    {
        if (perSecond <= 0) return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond), time);
        var running = new List<Task>();
        try
        {
            for (var number = 0; await timer.WaitForNextTickAsync(cancellationToken); number++)
            {
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                running.Add(act(number));
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to.
        }

        await Task.WhenAll(running);
    }
}
