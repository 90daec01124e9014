// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(string what, TimeSpan deadline, Func<Task<bool>> condition, Func<string>? details = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            var inTime = TimeProvider.System.GetElapsedTime(started) < deadline;
            Assert.True(inTime, $"not within {deadline.TotalSeconds:0.#} s: {what}\n{details?.Invoke()}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
