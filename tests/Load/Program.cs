// SPDX-License-Identifier: Apache-2.0
// Sends requests at a steady rate and tells of each that failed. Ends with 0 when none did, 1 when some did, 2 when told nonsense.
using System.Runtime.InteropServices;

namespace ClusterManager.Load;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var (options, error) = LoadOptions.Parse(arguments);
        if (options is null)
        {
            Console.Error.WriteLine($"error: {error}\n{LoadOptions.Usage}");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, stop));
        var journal = new LoadJournal(Console.Out, TimeProvider.System);
        var sums = await new LoadRun(options, journal, TimeProvider.System).RunAsync(stop.Token);
        foreach (var sum in sums) journal.Write(sum);
        return sums.All(sum => sum.Failures == 0) ? 0 : 1;
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
