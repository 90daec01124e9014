// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace ClusterManager.Hosting.Files;

/// <summary>The few calls of libc that .NET does not offer. Each returns -1 and sets errno on failure.</summary>
internal static partial class NativeMethods
{
    internal const int OpenReadOnly = 0;
    internal const int SignalTerminate = 15;
    internal const int SignalKill = 9;
    internal const int ErrorNoSuchProcess = 3;
    internal const int AdviceRandom = 1;
    internal const int AdvicePageOut = 21;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Link(string existingPath, string newPath);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);
}
