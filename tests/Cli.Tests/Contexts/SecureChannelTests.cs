// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Hosting.Security;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Contexts;

/// <summary>The channels that the program really uses: certificates on both sides.</summary>
public sealed class SecureChannelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-cli-test-");
    private readonly ClusterCertificateAuthority _authority = ClusterCertificateAuthority.Create(new string('a', 32), TimeProvider.System);

    private string Config => Path.Combine(_folder.FullName, "config.yaml");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_operator_shows_a_certificate_and_the_manager_is_verified()
    {
        using var manager = Pair(_authority, PeerRole.Manager);
        await using var cluster = await FakeCluster.StartAsync(manager.Certificate);
        cluster.On((V1.StatusRequest _) => new V1.ClusterStatus { Healthy = true, Summary = "fine" });
        await SaveAsync(_authority, cluster.Address);
        var cli = new CliRun { IsSecure = true, Variables = { ["CLUSTER_CONFIG"] = Config } };
        var code = await cli.RunAsync("status");
        Assert.True(cli.Error.Length == 0, cli.Error);
        Assert.Equal(0, code);
        Assert.Equal("fine\n", cli.Out);
        Assert.Contains(cluster.Callers, c => c.Contains("CN=admin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_manager_of_another_cluster_gets_nothing()
    {
        using var other = ClusterCertificateAuthority.Create(new string('b', 32), TimeProvider.System);
        using var server = Pair(other, PeerRole.Manager);
        await using var cluster = await FakeCluster.StartAsync(server.Certificate);
        await SaveAsync(_authority, cluster.Address);
        var cli = new CliRun { IsSecure = true, Variables = { ["CLUSTER_CONFIG"] = Config } };
        Assert.Equal(7, await cli.RunAsync("status"));
        Assert.Contains("it is no manager of this cluster", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Requests);
    }

    private static CertificateWithKey Pair(ClusterCertificateAuthority authority, PeerRole role) =>
        authority.IssueWithKey(new PeerIdentity(role, role == PeerRole.Operator ? "admin" : new string('1', 32), authority.ClusterId),
            ["127.0.0.1"]);

    private async Task SaveAsync(ClusterCertificateAuthority authority, string address)
    {
        using var pair = Pair(authority, PeerRole.Operator);
        var context = new ClusterContext
        {
            Name = "c", Managers = [address], CaPem = authority.CertificatePem, CertificatePem = pair.CertificatePem,
            KeyPem = pair.PrivateKeyPem.Reveal(),
        };
        await new ContextFile { Path = Config }.With(context).SaveAsync(CancellationToken.None);
    }
}
