// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Values;

/// <summary>Stop signals by name, with or without SIG, or by number.</summary>
public static class SignalText
{
    // Index is the number on Linux.
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Reads a signal and answers its full name, for example <c>SIGTERM</c>. Real-time signals are <c>SIGRTMIN+n</c>.</summary>
    public static bool TryParse(string text, out string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var upper = text.ToUpperInvariant();
        if (upper.StartsWith("SIG", StringComparison.Ordinal)) upper = upper[3..];
        if (int.TryParse(upper, out var number) && number > 0 && number < Names.Length) upper = Names[number];
        name = "SIG" + upper;
        return upper.Length > 0 && (Array.IndexOf(Names, upper) > 0 || IsRealTime(upper));
    }

    private static bool IsRealTime(string upper) =>
        (upper.StartsWith("RTMIN+", StringComparison.Ordinal) || upper.StartsWith("RTMAX-", StringComparison.Ordinal))
        && int.TryParse(upper.AsSpan(6), out var offset) && offset is >= 0 and <= 15;
}
