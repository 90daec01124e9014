// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>A process and not merely its number, which the kernel gives to another one later: number, start time and boot.</summary>
/// <param name="Pid">The number.</param>
/// <param name="StartTicks">Clock ticks from boot to its start: field 22 of <c>/proc/PID/stat</c>; unchanged by exec.</param>
/// <param name="BootId">Ticks count from a boot, so they mean nothing without it.</param>
internal sealed record ProcessIdentity(int Pid, ulong StartTicks, string BootId)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    // Fields are counted from 1, and the first two stand before the closing parenthesis of the name.
    private const int StartTicksField = 22 - 3;

    /// <summary>The live process with this number; null when there is none or it is a zombie.</summary>
    internal static ProcessIdentity? Of(int pid)
    {
        try
        {
            return FromStat(File.ReadAllText(BootIdFile).Trim(), File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the two lines (boot id, stat) that a child left before it became the program; null when they are missing or cut.
    /// </summary>
    internal static ProcessIdentity? FromFile(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            return lines.Length < 2 ? null : FromStat(lines[0], lines[1]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes what <see cref="FromFile"/> reads, for the current process.</summary>
    internal static void WriteSelf(RoleFiles files)
    {
        var boot = File.ReadAllText(BootIdFile).Trim();
        var stat = File.ReadAllText($"/proc/{Environment.ProcessId}/stat").Trim();
        File.WriteAllText(files.Identity, $"{boot}\n{stat}\n");
        File.WriteAllText(files.Pid, $"{Environment.ProcessId}\n");
    }

    internal bool IsAlive() => Of(Pid) == this;

    /// <summary>Sends a signal to this very process; false when it is gone.</summary>
    internal bool Signal(int signal) => IsAlive() && NativeMethods.Kill(Pid, signal) == 0;

    /// <summary>Sends a signal to its whole process group, which it leads.</summary>
    internal bool SignalGroup(int signal) => IsAlive() && NativeMethods.Kill(-Pid, signal) == 0;

    // "123 (name) S 1 ...": the name may hold spaces and parentheses, so the last one counts.
    private static ProcessIdentity? FromStat(string bootId, string stat)
    {
        int open = stat.IndexOf('('), close = stat.LastIndexOf(')');
        if (open < 0 || close < open || close + 2 > stat.Length) return null;
        var rest = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (rest.Length <= StartTicksField || rest[0] is "Z" or "X") return null;
        if (!int.TryParse(stat.AsSpan(0, open).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return null;
        if (!ulong.TryParse(rest[StartTicksField], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)) return null;
        return new ProcessIdentity(pid, ticks, bootId);
    }
}
