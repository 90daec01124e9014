// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Inspection.Drift;
using ClusterManager.Agent.Node;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Inspection.Drift;

/// <summary>Containers as engines describe them beside the requests that made them.</summary>
public sealed class ContainerComparisonTests
{
    [Theory]
    [InlineData("20.10")]
    [InlineData("28")]
    public void What_an_engine_fills_in_by_itself_is_no_drift(string engine)
    {
        Assert.Empty(Compare(Full(), engine));
        Assert.Empty(Compare(Make.Spec(), engine));
    }

    [Theory]
    [InlineData("HostConfig.Memory", "536870912", "memory")]
    [InlineData("HostConfig.MemoryReservation", "1", "memoryReservation")]
    [InlineData("HostConfig.NanoCpus", "1", "nanoCpus")]
    [InlineData("HostConfig.CpuQuota", "50000", "cpuQuota")]
    [InlineData("HostConfig.CpuShares", "512", "cpuShares")]
    [InlineData("HostConfig.CpusetCpus", "\"0\"", "cpusetCpus")]
    [InlineData("HostConfig.PidsLimit", "7", "pidsLimit")]
    [InlineData("HostConfig.RestartPolicy", "{\"Name\":\"always\",\"MaximumRetryCount\":0}", "restartPolicy")]
    [InlineData("HostConfig.Privileged", "true", "privileged")]
    [InlineData("HostConfig.ReadonlyRootfs", "false", "readonlyRootfs")]
    [InlineData("HostConfig.NetworkMode", "\"bridge\"", "networkMode")]
    [InlineData("HostConfig.Init", "false", "init")]
    [InlineData("HostConfig.CapAdd", "[\"NET_ADMIN\",\"SYS_ADMIN\"]", "capAdd")]
    [InlineData("HostConfig.CapDrop", "[]", "capDrop")]
    [InlineData("HostConfig.Dns", "[\"192.0.2.53\"]", "dns")]
    [InlineData("HostConfig.ExtraHosts", "[]", "extraHosts")]
    [InlineData("HostConfig.Sysctls", "{}", "sysctl.net.core.somaxconn")]
    [InlineData("HostConfig.Ulimits", "[]", "ulimit.nofile")]
    [InlineData("HostConfig.PortBindings", "{}", "ports")]
    [InlineData("HostConfig.LogConfig", "{\"Type\":\"none\",\"Config\":{}}", "log.type")]
    [InlineData("Config.Image", "\"registry.lab:5000/web:other\"", "image")]
    [InlineData("Config.Cmd", "[\"sh\"]", "command")]
    [InlineData("Config.Entrypoint", "[\"sh\"]", "entrypoint")]
    [InlineData("Config.User", "\"0\"", "user")]
    [InlineData("Config.WorkingDir", "\"/other\"", "workingDir")]
    [InlineData("Config.Hostname", "\"other\"", "hostname")]
    [InlineData("Config.StopSignal", "\"SIGKILL\"", "stopSignal")]
    [InlineData("Config.StopTimeout", "1", "stopTimeout")]
    [InlineData("Config.Labels.team", "\"other\"", "label.team")]
    [InlineData("Config.Labels.extra", "\"x\"", "label.extra")]
    [InlineData("NetworkSettings.Networks", "{}", "networks")]
    [InlineData("NetworkSettings.Networks.bridge", "{}", "networks")]
    [InlineData("State.Status", "\"paused\"", "state")]
    public void What_somebody_changed_is_named(string path, string json, string field)
    {
        foreach (var engine in new[] { "20.10", "28" })
        {
            var found = Found(Full(), engine);
            Set(found, path, JsonNode.Parse(json));
            var finding = Assert.Single(Compare(Full(), found), one => one.Field == field);
            Assert.NotEqual(finding.Wanted, finding.Found);
        }
    }

    [Fact]
    public void A_mount_that_became_writable_is_named_and_so_is_one_that_is_gone()
    {
        var found = Found(Full(), "28");
        var mounts = found["HostConfig"]!["Mounts"]!.AsArray();
        mounts[0]!["ReadOnly"] = false;
        mounts.RemoveAt(1);
        Assert.Equal(3, Compare(Full(), found).Count(one => one.Field == "mounts"));
    }

    [Fact]
    public void Values_of_the_environment_are_compared_and_never_told()
    {
        var found = Found(Full(), "28");
        found["Config"]!["Env"] = new JsonArray("PATH=/bin", "PASSWORD=other", "ADDED=hunter3", "CLUSTER_SLOT=1", "CLUSTER_SERVICE=web",
            "CLUSTER_STACK=default", "CLUSTER_NODE=node-a", "CLUSTER_ALLOCATION=1-1-1");
        var findings = Compare(Full(), found);
        Assert.Equal(["env.ADDED", "env.PASSWORD"], findings.Select(one => one.Field));
        Assert.All(findings, one => Assert.True(one.IsHidden));
        Assert.DoesNotContain("hunter", JsonSerializer.Serialize(findings.Select(one => one.ToString())), StringComparison.Ordinal);
        Assert.Equal(("", "set"), (findings[0].Wanted, findings[0].Found));
    }

    [Fact]
    public void Without_its_image_only_what_was_asked_for_is_compared()
    {
        var found = Found(Make.Spec(), "28");
        Assert.Empty(ContainerComparison.Of(Wanted(Make.Spec()), Read(found), null));
        Set(found, "HostConfig.Memory", 7);
        Assert.Equal("memory", Assert.Single(ContainerComparison.Of(Wanted(Make.Spec()), Read(found), null)).Field);
    }

    [Fact]
    public void A_kernel_without_swap_accounting_is_no_drift()
    {
        var found = Found(Full(), "20.10");
        Set(found, "HostConfig.MemorySwap", -1);
        Assert.Empty(Compare(Full(), found));
    }

    private static MadeConfigDto OfImage { get; } = new()
    {
        Env = ["PATH=/bin"], Cmd = ["serve"], Entrypoint = ["/entry"], WorkingDir = "/srv", User = "www", StopSignal = "SIGQUIT",
        Labels = new Dictionary<string, string> { ["maker"] = "us" },
    };

    private static ServiceSpec Full() => Make.Spec() with
    {
        Container = new ContainerSpec
        {
            Image = "registry.lab:5000/web:1", Command = ["serve", "--fast"], User = "1000:1000", WorkingDirectory = "/srv/web",
            Hostname = "web", Init = true, ReadOnly = true, CapabilitiesAdded = ["NET_ADMIN"], CapabilitiesDropped = ["ALL"],
            Environment = Maps.Of([new("PASSWORD", "hunter2")]), Labels = Maps.Of([new("team", "blue")]), StopSignal = "SIGINT",
            Ulimits = [new UlimitSpec("nofile", 1000, 2000)], Sysctls = Maps.Of([new("net.core.somaxconn", "100")]),
            ExtraHosts = [new HostEntry("db", "192.0.2.9")],
            Mounts =
            [
                new MountSpec { Kind = MountKind.Bind, Source = "/etc/web", Target = "/etc/web", ReadOnly = true },
                new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" },
                new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp", TmpfsSizeBytes = 1 << 20 },
            ],
        },
        Ports = [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = 8080 }],
        Health = new HealthSpec { Kind = HealthKind.Command, Test = ["CMD", "true"] },
        Resources = new ResourceSpec
        {
            MemoryLimitBytes = 256 << 20, CpuLimitNano = 500_000_000, PidsLimit = 100, MemoryReservationBytes = 64 << 20,
        },
    };

    private static ContainerCreateDto Wanted(ServiceSpec spec)
    {
        var ports = ContainerRequestBuilder.Bindings(spec,
            [.. spec.Ports.Select(port => new Agent.Allocations.HostPort(port.Target, port.Published ?? 20000, port.Protocol))]);
        var node = new NodeIdentity(Make.Cluster, new NodeId(7), "node-a", "192.0.2.1");
        return ContainerRequestMapping.ToDto(ContainerRequestBuilder.Build(
            node, Make.Assignment(Make.Id(1), spec: spec), 1, ports, ContainerNetwork.Name, "172.18.0.1"));
    }

    /// <summary>What the engine answers for a container of the request: what was sent, the image's part, its own additions.</summary>
    private static JsonObject Found(ServiceSpec spec, string engine)
    {
        var config = JsonSerializer.SerializeToNode(Wanted(spec), DockerJson.Default.ContainerCreateDto)!.AsObject();
        var host = config["HostConfig"]!.DeepClone().AsObject();
        config.Remove("HostConfig");
        var isOld = engine == "20.10";
        config["Env"] = new JsonArray([.. config["Env"]!.AsArray().Select(one => one!.DeepClone()), "PATH=/bin"]);
        config["Entrypoint"] ??= new JsonArray("/entry");
        config["Cmd"] ??= new JsonArray("serve");
        config["User"] ??= "www";
        config["WorkingDir"] ??= "/srv";
        config["StopSignal"] ??= "SIGQUIT";
        config["Hostname"] ??= "0123456789ab";
        config["Labels"]!["maker"] = "us";
        foreach (var name in new[] { "NanoCpus", "CpuShares", "CpuQuota", "Memory", "MemorySwap", "MemoryReservation" }) host[name] ??= 0;
        foreach (var name in new[] { "Binds", "CapAdd", "CapDrop", "ExtraHosts", "Ulimits", "PidsLimit" })
            if (!host.ContainsKey(name)) host[name] = null;
        host["RestartPolicy"] = new JsonObject { ["Name"] = "no", ["MaximumRetryCount"] = 0 };
        host["Privileged"] = false;
        host["ReadonlyRootfs"] ??= false;
        host["CpusetCpus"] = "";
        host["PortBindings"] ??= new JsonObject();
        if (isOld && host["CapAdd"] is JsonArray added) host["CapAdd"] = new JsonArray([.. added.Select(one => (JsonNode)$"CAP_{one}")]);
        else if (host["Ulimits"] is null) host["Ulimits"] = new JsonArray(new JsonObject { ["Name"] = "core", ["Soft"] = 0, ["Hard"] = 0 });
        foreach (var bindings in host["PortBindings"]!.AsObject().Select(pair => pair.Value!.AsArray()))
            foreach (var place in bindings) place!["HostIp"] ??= isOld ? "" : "0.0.0.0";
        return new JsonObject
        {
            ["Name"] = "/web.1.1-1-1", ["Image"] = "sha256:1", ["Config"] = config, ["HostConfig"] = host,
            ["State"] = new JsonObject { ["Status"] = "running" },
            ["NetworkSettings"] = new JsonObject { ["Networks"] = new JsonObject { ["cm-default"] = new JsonObject() } },
        };
    }

    private static void Set(JsonObject root, string path, JsonNode? value)
    {
        var names = path.Split('.', 3);
        JsonNode parent = root;
        foreach (var name in names[..^1]) parent = parent[name]!;
        parent[names[^1]] = value;
    }

    private static ContainerMakeDto Read(JsonObject found) => found.Deserialize(DockerJson.Default.ContainerMakeDto)!;

    private static IReadOnlyList<FieldFinding> Compare(ServiceSpec spec, string engine) => Compare(spec, Found(spec, engine));

    private static IReadOnlyList<FieldFinding> Compare(ServiceSpec spec, JsonObject found) =>
        ContainerComparison.Of(Wanted(spec), Read(found), OfImage);
}
