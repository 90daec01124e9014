// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace ClusterManager.Hosting.Time;

/// <summary>What the kernel knows of its clock.</summary>
public static partial class KernelClock
{
    // struct timex is 208 bytes on 64-bit Linux; mode 0 only reads.
    private const int TimexBytes = 256;
    private const int Unsynchronized = 5;

    /// <summary>True: a time server sets it; false: none does; null: the kernel does not say.</summary>
    public static bool? IsSynchronized
    {
        get
        {
            var buffer = new byte[TimexBytes];
            var state = Adjust(buffer);
            return state < 0 ? null : state != Unsynchronized;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjust([In, Out] byte[] timex);
}
