// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Backup;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Hosting.Security;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Backup;

/// <summary>What backup, restore and recover refuse before they change anything.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-backup-");

    private string Home => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("backup b", 1, "where a manager runs")]
    [InlineData("restore gone", 3, "there is no file")]
    [InlineData("recover", 2, "what is to be recovered?")]
    [InlineData("recover confirm 0", 2, "'0' is no incarnation")]
    [InlineData("recover confirm 2", 3, "is in no cluster")]
    [InlineData("recover --from-agents --yes", 3, "is in no cluster")]
    [InlineData("recover adopt --address h", 2, "name a service, or --all")]
    [InlineData("join h --token TOKEN --keep", 3, "there is nothing to keep")]
    public async Task Refusals_name_what_is_wrong_and_change_nothing(string line, int code, string text)
    {
        using var authority = ClusterCertificateAuthority.Create(new string('a', 32), TimeProvider.System);
        var token = JoinToken.Create(authority.Pin).Reveal();
        var cli = Cli();
        Assert.Equal(code, await cli.RunAsync(line.Replace("TOKEN", token, StringComparison.Ordinal)));
        Assert.Contains(text, cli.Error, StringComparison.Ordinal);
        Assert.Empty(_directory.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_restore_needs_the_right_passphrase_and_a_number_above_the_backups()
    {
        var file = Path.Combine(Home, "b");
        var content = new V1.Backup { Version = new V1.StateVersion { Incarnation = 3 }, ClusterId = new string('a', 32) };
        await File.WriteAllBytesAsync(file, BackupFile.Close(content, new Secret("correct horse"), 10));

        var cli = Cli();
        Assert.Equal(2, await cli.RunAsync($"restore {file}"));
        Assert.Contains("a passphrase is needed", cli.Error, StringComparison.Ordinal);
        cli.Variables[Passphrase.Variable] = "battery staple";
        Assert.Equal(9, await cli.RunAsync($"restore {file}"));
        cli.Variables[Passphrase.Variable] = "short";
        Assert.Equal(2, await cli.RunAsync($"restore {file}"));
        cli.Variables[Passphrase.Variable] = "correct horse";
        Assert.Equal(2, await cli.RunAsync($"restore {file} --incarnation 3"));
        Assert.Contains("a number above the backup's, 3", cli.Error, StringComparison.Ordinal);
    }

    private CliRun Cli()
    {
        var cli = new CliRun { Directory = Home };
        cli.Variables["CLUSTER_HOME"] = Home;
        return cli;
    }
}
