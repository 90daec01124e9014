// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Cli.Backup;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Hosting.Security;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Backup;

/// <summary>A backup opens with its passphrase, whole, or not at all.</summary>
public sealed class BackupFileTests
{
    private const int FewRounds = 10;
    private static readonly Secret Passphrase = new("correct horse");

    private static readonly V1.Backup Content = new()
    {
        ClusterId = new string('a', 32), Name = "prod", ClusterKey = ByteString.CopyFrom(new byte[32]),
        Version = new V1.StateVersion { Incarnation = 1, Term = 3, Number = 9 },
        Entries = { new V1.BackupEntry { Key = "cm/v1/services/1", Value = ByteString.CopyFromUtf8("canary-of-a-value") } },
    };

    [Fact]
    public void What_was_closed_opens_with_the_same_passphrase() =>
        Assert.Equal(Content, BackupFile.Open(BackupFile.Close(Content, Passphrase, FewRounds), Passphrase));

    [Fact]
    public void Nothing_of_the_content_can_be_read_and_no_two_files_are_equal()
    {
        var first = BackupFile.Close(Content, Passphrase, FewRounds);
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(first), StringComparison.Ordinal);
        Assert.NotEqual(first, BackupFile.Close(Content, Passphrase, FewRounds));
    }

    [Fact]
    public void Another_passphrase_is_told_from_damage()
    {
        var error = Refused(BackupFile.Close(Content, Passphrase, FewRounds), new Secret("battery staple"));
        Assert.Equal(BootstrapException.NotPermitted, error.Code);
        Assert.Contains("another one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_flipped_bit_and_any_cut_is_refused()
    {
        var whole = BackupFile.Close(Content, Passphrase, FewRounds);
        for (var at = 0; at < whole.Length; at++)
        {
            var bad = whole.ToArray();
            bad[at] ^= 1;
            Refused(bad, Passphrase);
            Refused(whole[..at], Passphrase);
        }
    }

    [Fact]
    public void A_newer_format_is_refused_with_what_to_do()
    {
        var text = Encoding.Latin1.GetString(BackupFile.Close(Content, Passphrase, FewRounds));
        var newer = text.Replace("cluster-backup 1 ", "cluster-backup 2 ", StringComparison.Ordinal);
        var error = Refused(Encoding.Latin1.GetBytes(newer), Passphrase);
        Assert.Contains("use a newer 'cluster'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_no_backup() =>
        Assert.Contains("no backup", Refused("hello\nworld"u8.ToArray(), Passphrase).Message, StringComparison.Ordinal);

    private static BootstrapException Refused(byte[] file, Secret passphrase) =>
        Assert.Throws<BootstrapException>(() => BackupFile.Open(file, passphrase));
}
