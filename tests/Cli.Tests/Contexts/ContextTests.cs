// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Tests.Contexts;

public sealed class ContextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-cli-test-");

    private string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_saved_file_is_private_and_reads_back_the_same()
    {
        using var authority = ClusterCertificateAuthority.Create(new string('a', 32), TimeProvider.System);
        using var pair = authority.IssueWithKey(new PeerIdentity(PeerRole.Operator, "admin", authority.ClusterId), []);
        var context = new ClusterContext
        {
            Name = "prod: 1", Managers = ["10.0.0.1:7443", "[::1]:7443"], CaPem = authority.CertificatePem,
            CertificatePem = pair.CertificatePem, KeyPem = pair.PrivateKeyPem.Reveal(),
        };
        await new ContextFile { Path = At("x/config.yaml") }.With(context).SaveAsync(CancellationToken.None);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("x/config.yaml")));
        var read = ContextFile.Load(At("x/config.yaml"));
        Assert.Equal("prod: 1", read.Current);
        var back = Assert.Single(read.Contexts);
        Assert.Equal(context.Managers.AsEnumerable(), back.Managers);
        Assert.Equal((context.CaPem.Trim(), context.CertificatePem.Trim(), context.KeyPem.Trim()),
            (back.CaPem!.Trim(), back.CertificatePem!.Trim(), back.KeyPem!.Trim()));
        var cli = new CliRun { Variables = { ["CLUSTER_CONFIG"] = At("x/config.yaml") } };
        Assert.Equal(0, await cli.RunAsync("context ls -o json"));
        Assert.DoesNotContain("PRIVATE KEY", cli.Out, StringComparison.Ordinal);
        Assert.Contains("\"operator\": \"admin\"", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flag_wins_over_environment_and_environment_over_the_file()
    {
        await File.WriteAllTextAsync(
            At("c.yaml"), "current: a\ncontexts:\n  - name: a\n    managers: [m1]\n  - name: b\n    managers: ['m2:1', 'm3']\n");
        var cli = new CliRun { Variables = { ["CLUSTER_CONFIG"] = At("c.yaml") } };
        await cli.RunAsync("context show");
        Assert.Contains("m1:7443   (from " + At("c.yaml"), cli.Out, StringComparison.Ordinal);
        cli.Variables["CLUSTER_CONTEXT"] = "b";
        await cli.RunAsync("context show");
        Assert.Contains("context       b   (from CLUSTER_CONTEXT)\nmanagers      m2:1, m3:7443", cli.Out, StringComparison.Ordinal);
        cli.Variables["CLUSTER_MANAGER"] = "x, y:9";
        await cli.RunAsync("context show --context a");
        Assert.Contains("context       a   (from --context)\nmanagers      x:7443, y:9   (from CLUSTER_MANAGER)", cli.Out,
            StringComparison.Ordinal);
        await cli.RunAsync("context show --address z");
        Assert.Contains("managers      z:7443   (from --address)", cli.Out, StringComparison.Ordinal);
        Assert.Equal(3, await cli.RunAsync("status --context bb"));
        Assert.Equal(0, await cli.RunAsync("context use b"));
        Assert.Equal("b", ContextFile.Load(At("c.yaml")).Current);
    }

    [Theory]
    [InlineData("h", "h:7443")]
    [InlineData("h:1", "h:1")]
    [InlineData("10.0.0.1", "10.0.0.1:7443")]
    [InlineData("::1", "[::1]:7443")]
    [InlineData("[::1]", "[::1]:7443")]
    [InlineData("[::1]:5", "[::1]:5")]
    public void An_address_without_port_gets_the_managers(string address, string expected) =>
        Assert.Equal(expected, ContextResolver.WithPort(address));

    [Theory]
    [InlineData("current: [a]\n", "current: a text is expected")]
    [InlineData("contxts: []\n", "contxts: not understood")]
    [InlineData("contexts:\n  - managers: [a]\n", "a context needs a name")]
    [InlineData("contexts:\n  - name: a\n    ca: gone.pem\n", "there is no such file")]
    [InlineData("a: b: c", "this is no YAML")]
    public void A_malformed_file_is_told_with_its_place(string text, string expected)
    {
        File.WriteAllText(At("c.yaml"), text);
        var error = Assert.Throws<CliException>(() => ContextFile.Load(At("c.yaml")));
        Assert.Equal(ExitCode.BadInput, error.Code);
        Assert.Contains(error.Details, d => d.StartsWith(At("c.yaml") + ":", StringComparison.Ordinal)
            && d.Contains(expected, StringComparison.Ordinal));
    }
}
