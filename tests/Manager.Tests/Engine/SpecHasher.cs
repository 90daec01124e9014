// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Hashes for tests: the engine only compares them, so any stable ones do.</summary>
public static class SpecHasher
{
    /// <summary>The spec with its hashes. Validation is the caller's.</summary>
    public static AcceptedSpec Accept(ServiceSpec spec)
    {
        var hashes = Hash(spec);
        return new AcceptedSpec(spec, hashes.Spec, hashes.Template);
    }

    /// <summary>Both hashes, lower-case hexadecimal.</summary>
    public static SpecHashes Hash(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var template = new SpecText();
        Template(template, spec);
        var all = new SpecText();
        Template(all, spec);
        Rest(all, spec);
        return new SpecHashes(Digest(all), Digest(template));
    }

    /// <summary>What a container is made of. Reservations, constraints and deadlines are not: changing them restarts nothing.</summary>
    private static void Template(SpecText text, ServiceSpec spec)
    {
        var c = spec.Container;
        text.Add("image", c.Image).Add("command", c.Command).Add("entrypoint", c.Entrypoint).Add("environment", c.Environment)
            .Add("labels", c.Labels).Add("user", c.User).Add("workdir", c.WorkingDirectory).Add("hostname", c.Hostname)
            .Add("init", c.Init?.ToString()).Add("readonly", c.ReadOnly ? "1" : null).Add("cap-add", c.CapabilitiesAdded)
            .Add("cap-drop", c.CapabilitiesDropped).Add("sysctls", c.Sysctls).Add("stop-signal", c.StopSignal)
            .Add("grace", c.StopGracePeriod.Ticks);
        foreach (var limit in c.Ulimits) text.Add("ulimit", limit.Name).Add("soft", limit.Soft).Add("hard", limit.Hard);
        foreach (var host in c.ExtraHosts) text.Add("host", host.Hostname).Add("address", host.Address);
        foreach (var mount in c.Mounts)
            text.Add("mount", (int)mount.Kind).Add("source", mount.Source).Add("target", mount.Target)
                .Add("ro", mount.ReadOnly ? "1" : null)
                .Add("size", mount.TmpfsSizeBytes).Add("mode", mount.TmpfsMode);
        foreach (var port in spec.Ports)
            text.Add("port", (int)port.Mode).Add("target", port.Target).Add("published", port.Published).Add("protocol", (int)port.Protocol)
                .Add("address", port.HostAddress);
        if (spec.Health is { } h)
            text.Add("health", (int)h.Kind).Add("test", h.Test).Add("port", h.Port).Add("path", h.Path).Add("interval", h.Interval.Ticks)
                .Add("timeout", h.Timeout.Ticks).Add("retries", h.Retries).Add("start", h.StartPeriod.Ticks)
                    .Add("start-interval", h.StartInterval.Ticks);
        var r = spec.Resources;
        text.Add("cpu", r.CpuLimitNano).Add("memory", r.MemoryLimitBytes).Add("pids", r.PidsLimit);
        text.Add("restart", (int)spec.Restart.Condition).Add("delay", spec.Restart.Delay.Ticks).Add("attempts", spec.Restart.MaxAttempts)
            .Add("window", spec.Restart.Window.Ticks);
    }

    private static void Rest(SpecText text, ServiceSpec spec)
    {
        text.Add("stack", spec.Name.Stack).Add("name", spec.Name.Name).Add("mode", (int)spec.Mode).Add("replicas", spec.Replicas)
            .Add("cpu-reserved", spec.Resources.CpuReservationNano).Add("memory-reserved", spec.Resources.MemoryReservationBytes)
            .Add("service-labels", spec.Labels).Add("deadline", spec.ProgressDeadline.Ticks).Add("drain", spec.DrainDelay.Ticks)
            .Add("update", spec.Update == UpdatePolicy.Default ? null : spec.Update.ToString())
            .Add("track", spec.Track == TrackPolicy.None ? null : $"{spec.Track} {spec.Track.Via} {spec.Track.Interval}");
        foreach (var constraint in spec.Constraints) text.Add("constraint", constraint.ToString());
    }

    private static string Digest(SpecText text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}
