// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>Waiting for conditions.</summary>
internal static class Eventually
{
    /// <summary>The longest a test waits for anything that should come at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Looks every 10 ms until the condition holds; fails after 20 s.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, Func<string>? details = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"It did not happen within {Patience}: {what}. {details?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    /// <summary>Awaits a task that should end soon.</summary>
    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <summary>Awaits a task that should end soon.</summary>
    public static Task SoonAsync(this Task task) => task.WaitAsync(Patience);

    /// <summary>The error that a call must end with.</summary>
    public static async Task<global::Grpc.Core.RpcException> FailsAsync(this Task task, global::Grpc.Core.StatusCode code)
    {
        var error = await Assert.ThrowsAsync<global::Grpc.Core.RpcException>(() => task.SoonAsync());
        Assert.True(code == error.StatusCode, $"Expected {code}, got {error.Status}");
        return error;
    }
}
