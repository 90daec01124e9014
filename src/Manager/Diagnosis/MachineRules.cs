// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Manager.Planning;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>What a machine should be like: clock, engine, disks, certificates, versions, ports, names. Pure.</summary>
internal static class MachineRules
{
    private const long Gigabyte = 1L << 30;
    private static readonly TimeSpan ClockAlarm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClockHint = TimeSpan.FromMilliseconds(500);

    /// <summary>Judges what one agent found.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="found">What its agent found.</param>
    /// <param name="version">The leader's version.</param>
    /// <param name="now">The leader's clock.</param>
    public static IEnumerable<V1.Finding> Judge(string node, NodeFindings found, string version, DateTimeOffset now) =>
    [
        Clock(node, found),
        .. Engine(node, found.Inspection),
        .. found.Inspection.Disks.Select(disk => Disk(node, disk)),
        .. found.Inspection.Certificates.Select(one => Certificate(node, one, found.Inspection.AnsweredUnixMs, now)),
        Version(node, found.Inspection.Facts?.AgentVersion ?? "", version),
        .. found.Inspection.Tcp.Where(one => one.Problem.Length > 0).Select(one => Port(node, one)),
        Ports(node, found.Inspection),
        .. found.Inspection.Names.Select(one => Name(node, one)),
        Forwarding(node, found.Inspection),
    ];

    private static V1.Finding Clock(string node, NodeFindings found)
    {
        var offset = found.ClockOffset;
        var sure = offset.Duration() - found.ClockError;
        var value = string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0.000;-0.000} s from the leader's clock");
        var remedy = $"on {node}: run a time service (chrony or systemd-timesyncd), then: timedatectl";
        return sure >= ClockAlarm ? Found.Alarm("clock", node, value, "within 5 s", remedy)
            : sure >= ClockHint ? Found.Hint("clock", node, value, "within 0.5 s", remedy)
            : Found.Ok("clock", node, value);
    }

    private static IEnumerable<V1.Finding> Engine(string node, V1.Inspection inspection)
    {
        if (!inspection.EngineUp)
        {
            yield return Found.Alarm("engine", node, Or(inspection.EngineProblem, "does not answer"), "Docker Engine answers",
                $"on {node}: systemctl start docker; journalctl -u docker");
            yield break;
        }

        var facts = inspection.Facts ?? new V1.NodeFacts();
        yield return IsOld(facts.EngineVersion)
            ? Found.Alarm("engine", node, $"Docker Engine {facts.EngineVersion}", "20.10 or newer", $"on {node}: upgrade Docker Engine")
            : Found.Ok("engine", node, $"Docker Engine {facts.EngineVersion}");
        yield return facts.LiveRestore ? Found.Ok("live-restore", node, "on")
            : Found.Hint("live-restore", node, "off: a restart of the engine restarts its containers", "on",
                $"on {node}: \"live-restore\": true in /etc/docker/daemon.json, then: systemctl reload docker");
        yield return facts.CgroupVersion == 1
            ? Found.Hint("cgroup", node, "version 1", "version 2", $"on {node}: boot with systemd.unified_cgroup_hierarchy=1")
            : Found.Ok("cgroup", node, facts.CgroupVersion == 0 ? "not known" : $"version {facts.CgroupVersion}");
    }

    private static V1.Finding Disk(string node, V1.DiskInspection disk)
    {
        var share = disk.SizeBytes == 0 ? 0 : 100.0 * disk.FreeBytes / disk.SizeBytes;
        var value = string.Create(CultureInfo.InvariantCulture,
            $"{Amounts.Bytes(disk.FreeBytes)} of {Amounts.Bytes(disk.SizeBytes)} free ({share:0} %) at {disk.Path}");
        var check = $"disk-{disk.Role}";
        var remedy = disk.Role == "docker" ? $"on {node}: docker system prune, or a larger disk" : $"on {node}: free space at {disk.Path}";
        return disk.FreeBytes < Gigabyte / 2 || (share < 5 && disk.FreeBytes < 10 * Gigabyte)
                ? Found.Alarm(check, node, value, "at least 5 % and 512 MB free", remedy)
            : share < 10 && disk.FreeBytes < 20 * Gigabyte ? Found.Hint(check, node, value, "at least 10 % free", remedy)
            : Found.Ok(check, node, value);
    }

    // A node's and a manager's live for 7 days and are renewed at half; a Consul server's lives for 90 and is renewed with the node's.
    private static V1.Finding Certificate(string node, V1.CertificateInspection certificate, long nodesNow, DateTimeOffset now)
    {
        var end = DateTimeOffset.FromUnixTimeMilliseconds(certificate.NotAfterUnixMs);
        var left = end - now;
        var (alarm, hint) = certificate.Role == "consul" ? (14, 30) : (2, 3);
        var check = $"certificate-{certificate.Role}";
        var value = string.Create(CultureInfo.InvariantCulture, $"ends in {left.TotalDays:0.0} days, at {end:yyyy-MM-dd HH:mm} UTC");
        var remedy = $"on {node}: cluster host restart agent (it renews), and look for CertificateNotRenewed in its log";
        return left.TotalDays < alarm || end.ToUnixTimeMilliseconds() < nodesNow
                ? Found.Alarm(check, node, value, $"at least {alarm} days", remedy)
            : left.TotalDays < hint ? Found.Hint(check, node, value, $"at least {hint} days", remedy)
            : Found.Ok(check, node, value);
    }

    private static V1.Finding Version(string node, string agent, string leader) => agent == leader
        ? Found.Ok("version", node, agent)
        : Found.Hint("version", node, $"agent {Or(agent, "of no known version")}", $"{leader}, as the leader", $"on {node}: upgrade");

    private static V1.Finding Port(string node, V1.TcpInspection tcp) => Found.Alarm(
        "ports", node, $"cannot connect to {tcp.Target}: {tcp.Problem}", "it accepts connections",
        $"let TCP from {node} to {tcp.Target} through the firewalls (7443 managers, 8300 Consul servers, 8301 all, also UDP)");

    private static V1.Finding Ports(string node, V1.Inspection inspection) =>
        Found.Ok("ports", node, $"{inspection.Tcp.Count(one => one.Problem.Length == 0)} of {inspection.Tcp.Count} other machines' ports");

    private static V1.Finding Name(string node, V1.NameInspection name) => name.Problem.Length == 0
        ? Found.Ok($"dns-{name.Role}", node, $"answered by {name.Server}")
        : Found.Alarm($"dns-{name.Role}", node, $"{name.Server}: {name.Problem}", "names resolve", name.Role == "containers"
            ? $"on {node}: nft list table ip cluster_manager; a rule of the machine's firewall may drop UDP and TCP 53"
            : $"on {node}: cluster host restart consul");

    private static V1.Finding Forwarding(string node, V1.Inspection inspection) => inspection.IpForward
        ? Found.Ok("ip-forward", node, "on")
        : Found.Alarm("ip-forward", node, "off: published ports reach no container", "on",
            $"on {node}: sysctl -w net.ipv4.ip_forward=1, and in /etc/sysctl.d");

    // 20.10.24+dfsg1, 28.2.2, 19.03.15. What cannot be read is not called old.
    private static bool IsOld(string version)
    {
        var parts = version.Split('.', '-', '+', '~');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && (major < 20 || (major == 20 && minor < 10));
    }

    private static string Or(string text, string instead) => text.Length > 0 ? text : instead;
}
