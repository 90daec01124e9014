// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Gives memory back that a quiet process only holds because it once needed it: what the start allocated, and pages of the program's own
/// file that were read along. A program that brings its runtime has some 35 MB of those, of which it goes on using a quarter.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class ColdMemory(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Runs until cancelled: half a minute after the start, then after twice as long each time, up to every five minutes.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var wait = First;
        while (true)
        {
            await Task.Delay(wait, time, cancellationToken);
            GiveBack();
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    /// <summary>
    /// Once, now. Nothing is lost: what is used again is read again, from the heap's new place or from the file (madvise(2),
    /// MADV_PAGEOUT; kernels before 5.4 refuse it, which does no harm).
    /// </summary>
    /// <returns>How many mappings of files the kernel took the advice for.</returns>
    public static int GiveBack()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return File.ReadLines("/proc/self/maps").Select(Range).Count(range => range is (var start, var length) && Forget(start, length));
    }

    // Read at random from then on: else each page that is needed again brings its neighbours along, which nobody asked for.
    private static bool Forget(nint start, nuint length) => NativeMethods.Advise(start, length, NativeMethods.AdviceRandom) == 0
        && NativeMethods.Advise(start, length, NativeMethods.AdvicePageOut) == 0;

    // "7f83…-7f84… r-xp 00000000 fe:00 1234   /usr/bin/cluster-agent"; only what can be read from a file again, never memory alone.
    internal static (nint Start, nuint Length)? Range(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 6 || words[5][0] != '/' || words[1].Contains('w', StringComparison.Ordinal)
            || words[5].StartsWith("/memfd:", StringComparison.Ordinal)) return null;
        var ends = words[0].Split('-');
        var start = long.Parse(ends[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var end = long.Parse(ends[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return ((nint)start, (nuint)(end - start));
    }
}
