// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;

namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>Kernel, tools, disk, clock and firewall of this machine.</summary>
internal static class MachineCheck
{
    private const long DiskNeededBytes = 1L << 30;
    private static readonly Version OldestKernel = new(4, 18);
    private static readonly string[] Tools = ["ip", "nft", "setsid"];

    /// <summary>All that is wrong or doubtful.</summary>
    /// <param name="dataDirectory">Where our files will lie; it need not exist.</param>
    public static IEnumerable<Finding> Run(string dataDirectory)
    {
        IEnumerable<Finding?> found = [Kernel(KernelRelease()), .. Tools.Select(Tool), Disk(dataDirectory), Clock(), Firewall("/")];
        return found.OfType<Finding>();
    }

    internal static Finding? Kernel(string release)
    {
        var number = new string([.. release.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).TrimEnd('.');
        return Version.TryParse(number, out var parsed) && parsed < OldestKernel
            ? new Finding("kernel", $"Linux {release} is too old; {OldestKernel} or newer is needed", "upgrade the system") : null;
    }

    internal static Finding? Disk(string directory)
    {
        var existing = directory;
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing) ?? "/";
        var free = new DriveInfo(existing).AvailableFreeSpace;
        return free >= DiskNeededBytes ? null : new Finding(
            "disk", $"{existing} has {free >> 20} MB free; {DiskNeededBytes >> 20} MB are needed", "free space, or --data-dir elsewhere");
    }

    // Consul and its peers are asked by name of host and address; a closed port looks like a dead machine.
    internal static Finding? Firewall(string root)
    {
        var ufw = Path.Combine(root, "etc/ufw/ufw.conf");
        var isUfw = File.Exists(ufw) && File.ReadLines(ufw).Any(line => line.Trim() == "ENABLED=yes");
        var isFirewalld = Directory.Exists(Path.Combine(root, "run/firewalld"));
        if (!isUfw && !isFirewalld) return null;
        var open = isUfw
            ? "ufw allow 7443/tcp; ufw allow 8300:8301/tcp; ufw allow 8301/udp"
            : "firewall-cmd --permanent --add-port=7443/tcp --add-port=8300-8301/tcp --add-port=8301/udp; firewall-cmd --reload";
        var name = isUfw ? "ufw" : "firewalld";
        return new Finding("firewall", $"{name} is on; the other machines must reach this one", open, Blocks: false);
    }

    private static Finding? Clock() => KernelClock.IsSynchronized is not false ? null : new Finding(
        "clock", "this machine's clock is not set by a time server; certificates need the same time everywhere, to within minutes",
        "timedatectl set-ntp true, or install chrony", Blocks: false);

    private static Finding? Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        return folders.Any(folder => File.Exists(Path.Combine(folder, name))) ? null : new Finding(
            "tools", $"the program '{name}' is missing", $"apt-get install {PackageOf(name)}");
    }

    private static string PackageOf(string tool) => tool switch { "ip" => "iproute2", "nft" => "nftables", _ => "util-linux" };

    private static string KernelRelease()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
