// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Hosting;

/// <summary>Waits for a condition of the real world, with a deadline that only a failure reaches.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}.");
            }
        }
    }
}
