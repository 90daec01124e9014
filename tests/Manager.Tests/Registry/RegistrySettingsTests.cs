// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Registry;
using ClusterManager.Registry;
using ClusterManager.Shared.Tests.Consul;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Registry;

public sealed class RegistrySettingsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-registries-").FullName;

    private string Path => System.IO.Path.Combine(_directory, "registries.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void No_file_means_that_nothing_is_special()
    {
        var options = Load();
        Assert.Null(options.DefaultRegistry);
        Assert.Empty(options.Hosts);
    }

    [Fact]
    public async Task All_that_the_file_says_is_taken_over()
    {
        using var certificates = TestCertificates.Create("a root");
        File.WriteAllText(System.IO.Path.Combine(_directory, "password"), "correct-horse\n");
        Write($$"""
            // For people.
            {
              "defaultRegistry": "registry.lab:5000",
              "defaultNamespace": "",
              "registries": {
                "registry.lab:5000": { "plainHttp": true, "address": "10.0.0.9:5000", "mirrors": ["mirror.lab:5000"] },
                "mirror.lab:5000": { "caFile": "{{certificates.CaFile}}", "username": "olga", "passwordFile": "{{_directory}}/password" },
              }
            }
            """);
        var options = Load();
        Assert.Equal(("registry.lab:5000", ""), (options.DefaultRegistry, options.DefaultNamespace));
        var lab = options.Hosts["registry.lab:5000"];
        Assert.True(lab is { PlainHttp: true, Address: "10.0.0.9:5000", Mirrors: ["mirror.lab:5000"], ExtraRoots: null });
        Assert.Single(options.Hosts["mirror.lab:5000"].ExtraRoots!);
        Assert.Equal(
            new RegistryCredential("olga", "correct-horse"), await options.Credentials!.FindAsync("mirror.lab:5000", default));
        Assert.Null(await options.Credentials!.FindAsync("registry.lab:5000", default));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        Write("""
            {
              "defaultRegistry": "no host",
              "defaultNamespace": "Upper",
              "registries": {
                "plain": {},
                "a.example": { "mirrors": ["a.example", "x y"], "username": "olga", "plainHttp": true, "caFile": "relative.pem" },
                "b.example": null,
                "c.example": { "caFile": "/nowhere/ca.pem" }
              }
            }
            """);
        var text = Assert.Throws<InvalidDataException>(Load).Message;
        string[] fields =
        [
            "defaultRegistry 'no host'", "defaultNamespace 'Upper'", "registries.plain 'plain'", "registries.a.example.mirrors[0]",
            "registries.a.example.mirrors[1] 'x y'", "registries.a.example.username", "registries.a.example.caFile", "registries.b.example",
            "registries.c.example.caFile '/nowhere/ca.pem' cannot be read",
        ];
        Assert.All(fields, field => Assert.Contains(field, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"defaultRegistri\":\"registry.example\"}")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_word_that_is_not_known_is_no_setting(string text)
    {
        Write(text);
        Assert.StartsWith(Path, Assert.Throws<InvalidDataException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_edit_leaves_the_former_settings_in_force()
    {
        using var access = new RegistryAccess(Path, TimeProvider.System, NullLogger<RegistryAccess>.Instance);
        var first = access.Client();
        Assert.Same(first, access.Client());
        Write("{");
        Assert.Same(first, access.Client());
        Write("{\"defaultRegistry\":\"registry.example\"}");
        Assert.NotSame(first, access.Client());
    }

    [Fact]
    public void A_file_that_was_never_good_is_told()
    {
        Write("{");
        using var access = new RegistryAccess(Path, TimeProvider.System, NullLogger<RegistryAccess>.Instance);
        Assert.Throws<InvalidDataException>(access.Client);
    }

    private void Write(string text) => File.WriteAllText(Path, text);

    private RegistryClientOptions Load() => RegistrySettingsFile.Load(Path, TimeProvider.System);
}
