// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Backup;

/// <summary>Where the passphrase of a backup comes from: a file, the environment, or whoever sits at the terminal.</summary>
internal static class Passphrase
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "CLUSTER_BACKUP_PASSPHRASE";

    /// <summary>The option <c>--passphrase-file</c>.</summary>
    public static Option<string?> Option() => new("--passphrase-file")
    {
        Description = $"File with the passphrase in its first line ({Variable}; else it is asked for)", HelpName = "FILE",
    };

    /// <summary>Finds it.</summary>
    /// <param name="session">For the environment and the question.</param>
    /// <param name="file">From the option.</param>
    /// <param name="isNew">It closes a new backup: asked for twice.</param>
    /// <exception cref="CliException">There is none, it is too short, or the two differ.</exception>
    public static Secret Read(CliSession session, string? file, bool isNew)
    {
        var text = file is not null ? FromFile(file) : session.Environment.Variable(Variable) ?? Ask(session, isNew);
        return text.Length >= BackupFile.PassphraseLengthMin ? new Secret(text)
            : throw new CliException(
                ExitCode.BadInput, $"the passphrase has {text.Length} characters: at least {BackupFile.PassphraseLengthMin} are needed");
    }

    private static string FromFile(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.BadInput, $"--passphrase-file '{file}' cannot be read: {error.Message}");
        }
    }

    private static string Ask(CliSession session, bool isNew)
    {
        if (session.Environment.ReadSecret is not { } read)
            throw new CliException(ExitCode.BadInput, $"a passphrase is needed: --passphrase-file FILE or {Variable}");
        session.Environment.Error.Write("Passphrase of the backup: ");
        var first = read() ?? "";
        if (!isNew) return first;
        session.Environment.Error.Write("The same again: ");
        return read() == first ? first : throw new CliException(ExitCode.BadInput, "the two passphrases differ: nothing was written");
    }
}
