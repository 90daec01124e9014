// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.Versioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>scripts/lib/consul.sh, with programs of the test's own in place of Consul and apt.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConsulScriptTests : IDisposable
{
    // All that the script may call: nothing else of the machine is on its PATH, a Consul of the machine's own least of all.
    private static readonly string[] Tools = ["awk", "bash", "cat", "dirname", "flock", "head", "mkdir", "sed", "sort"];
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-consul-script-").FullName;

    public ConsulScriptTests()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "bin"));
        foreach (var tool in Tools)
            File.CreateSymbolicLink(Path.Combine(_directory, "bin", tool), Path.Combine("/usr/bin", tool));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_binary_that_was_named_is_taken_and_a_bad_one_refused()
    {
        var good = Write("named", "echo 'Consul v1.9.0'");
        Assert.Equal((0, good), Install(("CONSUL_BIN", good)));
        var (code, _) = Install(("CONSUL_BIN", Write("broken", "exit 1")));
        Assert.NotEqual(0, code);
    }

    [Fact]
    public void A_new_enough_binary_on_PATH_comes_before_an_installed_one()
    {
        var installed = Write("tools/consul/consul", "echo 'Consul v1.8.7'");
        Assert.Equal((0, installed), Install());
        var onPath = Write("bin/consul", "echo 'Consul v1.10.3+ent'");
        Assert.Equal((0, onPath), Install());
        Write("bin/consul", "echo 'Consul v1.7.14'");
        Assert.Equal((0, installed), Install());
    }

    [Fact]
    public void The_machines_Debian_archives_are_found_once_each_and_nobody_elses()
    {
        Write("bin/apt-get", """
            cat <<'END'
            'http://mirror.test/debian/dists/bookworm/InRelease' mirror 0
            'http://mirror.test/debian/dists/bookworm-updates/InRelease' mirror 0
            'http://mirror.test/debian/dists/trixie/InRelease' mirror 0
            'http://mirror.test/debian-security/dists/bookworm-security/InRelease' mirror 0
            'https://tools.test/apt/dists/nodistro/InRelease' tools 0
            'http://other.test/debian/dists/stable/InRelease' other 0
            END
            """);
        var (code, output) = Run("consul_debian_archives");
        Assert.Equal((0, "http://mirror.test/debian\nhttp://other.test/debian"), (code, output));
    }

    [Fact]
    public void Where_there_is_none_it_fails_and_leaves_nothing_behind()
    {
        // An apt that knows no Debian archive.
        Write("bin/apt-get", "exit 0");
        Write("bin/dpkg", "exit 0");
        var (code, output) = Install();
        Assert.NotEqual(0, code);
        Assert.Empty(output);
        var left = Directory.EnumerateFileSystemEntries(Path.Combine(_directory, "tools/consul")).Select(Path.GetFileName);
        Assert.Equal(["consul.lock"], left);
    }

    private (int Code, string Output) Install(params (string Name, string Value)[] environment) => Run("install_consul", environment);

    private (int Code, string Output) Run(string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"set -eu; . '{ScriptPath()}'; {command}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("CONSUL_BIN");
        start.Environment["PATH"] = Path.Combine(_directory, "bin");
        start.Environment["CLUSTER_TOOLS"] = Path.Combine(_directory, "tools");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private string Write(string name, string body)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string ScriptPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClusterManager.sln")))
                return Path.Combine(folder.FullName, "scripts", "lib", "consul.sh");
        }

        throw new FileNotFoundException("ClusterManager.sln is in no folder above the tests");
    }
}
