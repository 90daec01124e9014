// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>Compares what a container has of its node: limits, mounts, ports, rights. Pure.</summary>
internal static class HostComparison
{
    private const long NoSwapAccounting = -1;

    /// <summary>Adds the fields that differ.</summary>
    public static void Of(FieldList fields, HostConfigDto wanted, MadeHostDto found)
    {
        Limits(fields, wanted, found);
        fields.Text("restartPolicy", Restart(wanted.RestartPolicy?.Name), Restart(found.RestartPolicy?.Name));
        fields.Text("networkMode", wanted.NetworkMode, found.NetworkMode);
        if (wanted.Init is { } init) fields.Flag("init", init, found.Init);
        fields.Flag("readonlyRootfs", wanted.ReadonlyRootfs, found.ReadonlyRootfs);
        fields.Flag("privileged", false, found.Privileged);
        fields.Set("capAdd", Capabilities(wanted.CapAdd), Capabilities(found.CapAdd));
        fields.Set("capDrop", Capabilities(wanted.CapDrop), Capabilities(found.CapDrop));
        fields.Set("extraHosts", wanted.ExtraHosts, found.ExtraHosts);
        fields.Sequence("dns", wanted.Dns, found.Dns);
        fields.Set("binds", wanted.Binds, found.Binds);
        fields.Set("mounts", (wanted.Mounts ?? []).Select(Mount), (found.Mounts ?? []).Select(Mount));
        fields.Set("ports", Ports(wanted.PortBindings), Ports(found.PortBindings));
        // The engine may add its own defaults to both: only what was asked for is compared.
        fields.Map("ulimit", Ulimits(wanted.Ulimits), Ulimits(found.Ulimits), isComplete: false);
        fields.Map("log", wanted.LogConfig?.Config ?? [], found.LogConfig?.Config ?? [], isComplete: false);
        if (wanted.LogConfig is { } log) fields.Text("log.type", log.Type, found.LogConfig?.Type);
        fields.Map("sysctl", Sysctls(wanted.Sysctls ?? []), Sysctls(found.Sysctls ?? []), isComplete: true);
    }

    private static void Limits(FieldList fields, HostConfigDto wanted, MadeHostDto found)
    {
        fields.Number("nanoCpus", wanted.NanoCpus, found.NanoCpus);
        fields.Number("cpuQuota", 0, found.CpuQuota);
        fields.Number("cpuShares", wanted.CpuShares, found.CpuShares);
        fields.Text("cpusetCpus", "", found.CpusetCpus);
        fields.Number("memory", wanted.Memory, found.Memory);
        // A kernel that does not account swap makes the engine drop the limit.
        if (found.MemorySwap != NoSwapAccounting) fields.Number("memorySwap", wanted.MemorySwap, found.MemorySwap);
        fields.Number("memoryReservation", wanted.MemoryReservation, found.MemoryReservation);
        fields.Number("pidsLimit", wanted.PidsLimit, found.PidsLimit);
    }

    private static string Restart(string? name) => name is null or "" ? "no" : name;

    private static IEnumerable<string> Capabilities(string[]? names) => (names ?? []).Select(name =>
    {
        var upper = name.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    });

    // An anonymous volume gets a name of its own when the container is made.
    private static string Mount(MountDto mount)
    {
        var options = mount.TmpfsOptions is { } tmpfs
            ? string.Create(CultureInfo.InvariantCulture, $" size={tmpfs.SizeBytes ?? 0} mode={tmpfs.Mode ?? 0}") : "";
        return $"{mount.Type} {mount.Source}:{mount.Target}{(mount.ReadOnly == true ? ":ro" : "")}{options}";
    }

    private static IEnumerable<string> Ports(IEnumerable<KeyValuePair<string, PortBindingDto[]>>? bindings) =>
        from port in bindings ?? []
        from place in port.Value ?? []
        select $"{(place.HostIp is null or "0.0.0.0" ? "" : place.HostIp)}:{place.HostPort}→{port.Key}";

    private static SortedDictionary<string, string> Ulimits(UlimitDto[]? limits)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var limit in limits ?? []) all[limit.Name] = string.Create(CultureInfo.InvariantCulture, $"{limit.Soft}:{limit.Hard}");
        return all;
    }

    // Engine 28 keeps those of one interface with the network.
    private static SortedDictionary<string, string> Sysctls(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            if (!key.Contains(".eth", StringComparison.Ordinal)) all[key] = value;
        return all;
    }
}
