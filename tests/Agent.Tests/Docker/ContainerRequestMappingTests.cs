// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>The exact bodies of POST /containers/create.</summary>
public sealed class ContainerRequestMappingTests
{
    [Fact]
    public void What_is_not_said_is_not_sent() =>
        AssertJson(
            """{"Image":"web:1","HostConfig":{"RestartPolicy":{"Name":"no"}}}""",
            new ContainerRequest { Name = "n", Image = "web:1" });

    [Fact]
    public void Everything_is_sent_in_the_engines_words()
    {
        var request = new ContainerRequest
        {
            Name = "n", Image = "web:1", Command = ["a"], Entrypoint = ["e", "f"],
            Environment = new Dictionary<string, string?> { ["B"] = "2=3", ["A"] = "", ["GONE"] = null },
            Labels = new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" },
            User = "1:2", WorkingDirectory = "/w", Hostname = "h", Init = false, Tty = true, ReadOnlyRoot = true,
            CapabilitiesAdded = ["NET_ADMIN"], CapabilitiesDropped = ["ALL"], Ulimits = [new ContainerUlimit("nofile", 1, -1)],
            Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "5" }, StopSignal = "SIGINT",
            StopTimeout = TimeSpan.FromMilliseconds(1500),
            ExtraHosts = ["db:192.0.2.1"], NanoCpus = 1, CpuShares = 2, MemoryBytes = 3, MemoryReservationBytes = 4, PidsMax = 5,
            LogDriver = "local", LogOptions = new Dictionary<string, string> { ["max-size"] = "1m" },
            DnsServers = ["192.0.2.53"], DnsSearch = ["s"], DnsOptions = ["ndots:1"], Network = "net", NetworkAliases = ["alias"],
            CgroupParent = "/p",
            Healthcheck = new ContainerHealthcheck
            {
                Test = ["CMD", "t"], Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(2),
                StartPeriod = TimeSpan.FromTicks(3), Retries = 4,
            },
        };
        AssertJson(
            """
            {"Image":"web:1","Cmd":["a"],"Entrypoint":["e","f"],"Env":["A=","B=2=3","GONE"],"Labels":{"x":"1","y":"2"},"User":"1:2",
            "WorkingDir":"/w",
            "Hostname":"h","Tty":true,"StopSignal":"SIGINT","StopTimeout":2,
            "Healthcheck":{"Test":["CMD","t"],"Interval":1000000000,"Timeout":2000000,"StartPeriod":300,"Retries":4},
            "HostConfig":{"RestartPolicy":{"Name":"no"},"NetworkMode":"net","Init":false,"ReadonlyRootfs":true,"CapAdd":["NET_ADMIN"],
            "CapDrop":["ALL"],
            "Ulimits":[{"Name":"nofile","Soft":1,"Hard":-1}],"Sysctls":{"net.core.somaxconn":"5"},"ExtraHosts":["db:192.0.2.1"],
            "Dns":["192.0.2.53"],
            "DnsSearch":["s"],"DnsOptions":["ndots:1"],"NanoCpus":1,"CpuShares":2,"Memory":3,"MemorySwap":3,"MemoryReservation":4,
            "PidsLimit":5,
            "LogConfig":{"Type":"local","Config":{"max-size":"1m"}},"CgroupParent":"/p"},
            "NetworkingConfig":{"EndpointsConfig":{"net":{"Aliases":["alias"]}}}}
            """,
            request);
    }

    [Fact]
    public void Mounts_take_the_form_that_fits_each() =>
        AssertJson(
            """
            {"Image":"web:1","HostConfig":{"Binds":["/made:/m","/made2:/m2:ro"],"Mounts":[{"Type":"bind","Source":"/b","Target":"/t",
            "ReadOnly":true},
            {"Type":"volume","Source":"v","Target":"/v"},{"Type":"volume","Target":"/anon","VolumeOptions":{"NoCopy":true}},
            {"Type":"tmpfs","Target":"/t0"},{"Type":"tmpfs","Target":"/t1","TmpfsOptions":{"SizeBytes":7}},
            {"Type":"tmpfs","Target":"/t2","TmpfsOptions":{"SizeBytes":7,"Mode":448}}],"RestartPolicy":{"Name":"no"}}}
            """,
            new ContainerRequest
            {
                Name = "n", Image = "web:1",
                Mounts =
                [
                    new ContainerMount.Bind("/b", "/t", ReadOnly: true), new ContainerMount.Bind("/made", "/m", CreateSource: true),
                    new ContainerMount.Bind("/made2", "/m2", ReadOnly: true, CreateSource: true), new ContainerMount.Volume("v", "/v"),
                    new ContainerMount.Volume("", "/anon", NoCopy: true), new ContainerMount.Tmpfs("/t0"),
                    new ContainerMount.Tmpfs("/t1", 7),
                    new ContainerMount.Tmpfs("/t2", 7, 0x1C0),
                ],
            });

    [Fact]
    public void A_port_at_several_places_is_named_once() =>
        AssertJson(
            """
            {"Image":"web:1","ExposedPorts":{"53/udp":{},"80/tcp":{}},"HostConfig":{"PortBindings":{"53/udp":[{"HostPort":""}],
            "80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},{"HostIp":"::1","HostPort":"8081"}]},"RestartPolicy":{"Name":"no"}}}
            """,
            new ContainerRequest
            {
                Name = "n", Image = "web:1",
                Ports =
                [
                    new PortBinding(new ContainerPort(80), 8080, "127.0.0.1"), new PortBinding(new ContainerPort(53, "udp"), 0),
                    new PortBinding(new ContainerPort(80), 8081, "::1"),
                ],
            });

    [Fact]
    public void No_health_check_and_no_entrypoint_are_said_outright() =>
        AssertJson(
            """{"Image":"web:1","Entrypoint":[""],"Healthcheck":{"Test":["NONE"]},"HostConfig":{"RestartPolicy":{"Name":"no"}}}""",
            new ContainerRequest { Name = "n", Image = "web:1", Entrypoint = [], Healthcheck = ContainerHealthcheck.None });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(-5, 0)]
    public void Seconds_are_rounded_up(int milliseconds, int seconds) =>
        Assert.Equal(seconds, ContainerRequestMapping.WholeSeconds(TimeSpan.FromMilliseconds(milliseconds)));

    private static void AssertJson(string expected, ContainerRequest request) => Assert.Equal(
        expected.ReplaceLineEndings(""),
        JsonSerializer.Serialize(ContainerRequestMapping.ToDto(request), DockerJson.Default.ContainerCreateDto));
}
