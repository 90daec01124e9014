// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Net.Client;

/// <summary>Marks failures as seen that callers may choose not to look at.</summary>
internal static class TaskObserver
{
    /// <summary>A call hands out several tasks that fail together; awaiting one of them must be enough.</summary>
    public static void Observe(Task task) => task.ContinueWith(
        static failed => failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
