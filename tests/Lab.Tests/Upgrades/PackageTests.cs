// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using static ClusterManager.Lab.Tests.Upgrades.PackageFixture;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>The packages that <c>scripts/package.sh</c> makes, and what <c>install.sh</c> does with them.</summary>
[Trait("Category", "Real")]
public sealed class PackageTests(PackageFixture packages) : IClassFixture<PackageFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-package-");

    private string Output => packages.Output;

    private string Prefix => Path.Combine(_folder.FullName, "prefix");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_release_installs_offline_answers_and_leaves_nothing_behind()
    {
        var release = Assert.Single(Directory.GetFiles(Output, "*.tar.gz"));
        string[] install = [Script("install.sh"), "--from", release, "--prefix", Prefix, "--data-dir", Data, "--no-check"];
        (await RunAsync("sh", [.. install, "--dry-run"])).ExpectText("would run");
        Assert.False(Directory.Exists(Prefix));

        await RunAsync("sh", install);
        var files = Directory.GetFiles(Prefix, "*", SearchOption.AllDirectories);
        (await RunAsync($"{Prefix}/bin/cluster", "--version")).ExpectText("cluster ");
        (await RunAsync("bash", "-n", $"{Prefix}/share/bash-completion/completions/cluster")).Expect(0);
        Assert.Contains($"{Prefix}/share/man/man1/cluster-deploy.1", files);

        await RunAsync("sh", install);
        Assert.Equal(files.Order(), Directory.GetFiles(Prefix, "*", SearchOption.AllDirectories).Order());

        Directory.CreateDirectory(Data);
        (await RunAsync("sh", Script("install.sh"), "--uninstall", "--prefix", Prefix, "--data-dir", Data)).ExpectText(Data);
        Assert.Empty(Directory.GetFiles(Prefix, "*", SearchOption.AllDirectories));
        Assert.True(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_download_with_a_wrong_sum_changes_nothing()
    {
        var release = Assert.Single(Directory.GetFiles(Output, "*.tar.gz"));
        var version = Path.GetFileName(release).Split('_')[1];
        var served = Directory.CreateDirectory(Path.Combine(_folder.FullName, $"releases/v{version}")).FullName;
        File.Copy(release, Path.Combine(served, Path.GetFileName(release)));
        File.Copy(Path.Combine(Output, "SHA256SUMS"), Path.Combine(served, "SHA256SUMS"));
        string[] install =
            ["env", $"CLUSTER_RELEASES=file://{_folder.FullName}/releases", "sh", Script("install.sh"), "--version", version, "--no-check",
                "--prefix", Prefix, "--data-dir", Data];
        await RunAsync(install[0], install[1..]);
        Assert.True(File.Exists($"{Prefix}/bin/cluster-agent"));

        Directory.Delete(Prefix, recursive: true);
        await File.AppendAllTextAsync(Path.Combine(served, Path.GetFileName(release)), "more");
        (await EndAsync(install[0], install[1..])).Expect(1).ExpectText("nothing was changed");
        Assert.False(Directory.Exists(Prefix));
    }

    [Fact]
    public async Task The_debian_package_has_programs_pages_completion_and_units_that_systemd_accepts()
    {
        var package = Assert.Single(Directory.GetFiles(Output, "*.deb"));
        (await RunAsync("dpkg-deb", "--info", package)).ExpectText("Package: cluster", "nftables", "postinst");
        var root = Path.Combine(_folder.FullName, "root");
        await RunAsync("dpkg-deb", "--extract", package, root);
        foreach (var file in (string[])
            ["bin/cluster-manager", "share/man/man8/cluster-agent.8.gz", "share/bash-completion/completions/cluster",
                "share/zsh/vendor-completions/_cluster", "share/fish/vendor_completions.d/cluster.fish"])
            Assert.True(File.Exists(Path.Combine(root, "usr", file)), file);
        (await EndAsync("sh", "-n", Path.Combine(Programs.Repository, "scripts/packaging/deb/postinst"))).Expect(0);

        // Where the tool is: it reads the units and finds what systemd would refuse.
        if (!File.Exists("/usr/bin/systemd-analyze")) return;
        var units = Directory.GetFiles(Path.Combine(root, "usr/lib/systemd/system"));
        Assert.Equal(4, units.Length);
        foreach (var unit in units)
            await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(unit)).Replace("/usr/bin/", $"{root}/usr/bin/"));
        Assert.Equal("", (await RunAsync("systemd-analyze", ["verify", "--man=no", .. units])).Text);
    }
}
