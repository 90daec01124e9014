// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>Starts a role's process so that it does not depend on the life or the streams of the supervisor.</summary>
/// <remarks>
/// <c>setsid</c> gives it a session and a process group of its own; then a few lines of shell, still in the same process, attach it to
/// its files, write down its identity, run the commands before the start, and become the program. The identity is on disk before
/// the program runs, so a supervisor that is killed at any moment leaves nothing that its successor cannot recognise.
/// </remarks>
internal static class ChildLauncher
{
    private const int BeforeLimitSeconds = 10;

    private const string Prologue = """
        set -e
        exec </dev/null >>"$1" 2>&1
        read -r boot </proc/sys/kernel/random/boot_id
        read -r stat </proc/$$/stat
        printf '%s\n%s\n' "$boot" "$stat" >"$2"
        printf '%s\n' "$$" >"$3"
        shift 3

        """;

    /// <summary>The child, or null with the reason when not even the launcher could be started.</summary>
    internal static Process? TryStart(HostRole role, RoleFiles files, ClusterPaths paths, out string? problem)
    {
        var output = role.OutputFile ?? files.Output;
        try
        {
            CreateOutput(output);
            problem = null;
            return Process.Start(Describe(role, files, paths, output));
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            return null;
        }
    }

    internal static string Script(HostRole role)
    {
        var script = new StringBuilder(Prologue);
        foreach (var command in role.Before)
        {
            script.Append("timeout ").Append(BeforeLimitSeconds);
            foreach (var word in command) script.Append(' ').Append(Quote(word));
            script.Append('\n');
        }
        return script.Append("exec \"$@\"\n").ToString();
    }

    private static ProcessStartInfo Describe(HostRole role, RoleFiles files, ClusterPaths paths, string output)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = role.WorkingDirectory ?? paths.Root };
        string[] words = ["/bin/sh", "-c", Script(role), role.Name, output, files.Identity, files.Pid, .. role.Command];
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var (name, value) in role.Environment) start.Environment[name] = value;
        // Meant for the supervisor alone.
        foreach (var name in SystemdNotifier.Variables) start.Environment.Remove(name);
        return start;
    }

    /// <summary>Makes sure the file exists before a shell would create it readable by all (0600).</summary>
    internal static void CreateOutput(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = FileModes.Private,
        };
        using var created = new FileStream(file, options);
    }

    // Within single quotes a shell changes nothing but the closing quote.
    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
