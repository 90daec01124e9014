// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(string what, TimeSpan deadline, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < deadline, $"not within {deadline.TotalSeconds:0.#} s: {what}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
