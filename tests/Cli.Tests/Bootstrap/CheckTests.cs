// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Cli.Bootstrap.Checks;

namespace ClusterManager.Cli.Tests.Bootstrap;

/// <summary>What is looked at before a machine becomes a node.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cm-check-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("19.03.15", false)]
    [InlineData("20.10.24+dfsg1", true)]
    [InlineData("28.5.2", true)]
    [InlineData("dev", true)] // a build of somebody's own: who has one knows
    public void An_engine_must_be_20_10_or_newer(string version, bool isGood) =>
        Assert.Equal(isGood, DockerCheck.Judge(version, "/run/docker.sock") is null);

    [Theory]
    [InlineData("3.10.0-1160.el7.x86_64", false)]
    [InlineData("4.18.0-553.el8_10.x86_64", true)]
    [InlineData("6.1.0-13-amd64", true)]
    [InlineData("", true)]
    public void A_kernel_must_be_4_18_or_newer(string release, bool isGood) => Assert.Equal(isGood, MachineCheck.Kernel(release) is null);

    [Fact]
    public async Task A_missing_socket_is_told_with_its_remedy()
    {
        var finding = await DockerCheck.RunAsync(Path.Combine(_root.FullName, "docker.sock"), CancellationToken.None);
        Assert.True(finding is { Blocks: true, Check: "docker" });
        Assert.Contains("--docker-socket", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_ends_the_connection_does_not_answer()
    {
        var path = Path.Combine(_root.FullName, "docker.sock");
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engine.Bind(new UnixDomainSocketEndPoint(path));
        engine.Listen();
        var asked = DockerCheck.RunAsync(path, CancellationToken.None);
        (await engine.AcceptAsync()).Dispose();
        Assert.Contains("does not answer", (await asked)!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_somebody_has_is_named_and_the_others_are_not()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.Contains($"TCP port {port} is in use", Assert.Single(PortCheck.Run([port])).Problem, StringComparison.Ordinal);
        taken.Dispose();
        Assert.Empty(PortCheck.Run([port]));
    }

    [Fact]
    public void A_firewall_is_a_notice_with_the_commands_that_open_it()
    {
        Assert.Null(MachineCheck.Firewall(_root.FullName));
        var file = Path.Combine(_root.CreateSubdirectory("etc/ufw").FullName, "ufw.conf");
        File.WriteAllText(file, "ENABLED=no\n");
        Assert.Null(MachineCheck.Firewall(_root.FullName));
        File.WriteAllText(file, "LOGLEVEL=low\nENABLED=yes\n");
        var finding = MachineCheck.Firewall(_root.FullName);
        Assert.True(finding is { Blocks: false });
        Assert.Contains("ufw allow 7443/tcp", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_disk_of_a_folder_that_does_not_exist_yet_is_that_of_its_parent() =>
        Assert.Null(MachineCheck.Disk(Path.Combine(_root.FullName, "not", "there")));
}
