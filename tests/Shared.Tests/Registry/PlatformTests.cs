// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64", 0)]
    [InlineData("linux/x86_64", "linux/amd64", 0)]
    [InlineData("linux/aarch64", "linux/arm64/v8", 0)]
    [InlineData("linux/arm64/v8", "linux/arm64", 0)]
    [InlineData("linux/arm/v7", "linux/arm/v6", 1)]
    [InlineData("linux/arm", "linux/arm/v5", 2)]
    [InlineData("linux/amd64/v3", "linux/amd64", 2)]
    [InlineData("linux/amd64", "linux/amd64/v2", null)]
    [InlineData("linux/arm/v6", "linux/arm/v7", null)]
    [InlineData("linux/arm64", "linux/arm/v7", null)]
    [InlineData("linux/amd64", "windows/amd64", null)]
    [InlineData("linux/amd64", "unknown/unknown", null)]
    [InlineData("linux/riscv64", "linux/riscv64", 0)]
    public void An_image_runs_on_the_same_processor_or_on_a_newer_variant_of_it(string machine, string image, int? distance)
    {
        Assert.True(Platform.TryParse(machine, out var here) & Platform.TryParse(image, out var there));
        Assert.Equal(distance, here!.DistanceTo(there!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("linux/arm/v7/x")]
    public void What_is_no_platform_is_refused(string text) => Assert.False(Platform.TryParse(text, out _));

    [Fact]
    public void The_best_entry_is_taken_and_the_first_of_equals()
    {
        var manifest = new Manifest
        {
            Digest = Manifests.Digest('0'), Kind = ManifestKind.Index, MediaType = Manifests.Index, Registry = "registry.example",
            Entries =
            [
                Entry('1', "linux/arm/v5"), Entry('2', "linux/arm/v6"), Entry('3', "linux/amd64"), Entry('4', "linux/amd64"),
                new(Manifests.Digest('5'), "", 1, null),
            ],
        };
        Assert.Equal(Manifests.Digest('2'), manifest.For(new Platform("linux", "arm"))?.Digest);
        Assert.Equal(Manifests.Digest('3'), manifest.For(new Platform("linux", "amd64"))?.Digest);
        Assert.Null(manifest.For(new Platform("linux", "s390x")));
    }

    private static ManifestEntry Entry(char fill, string platform)
    {
        Assert.True(Platform.TryParse(platform, out var parsed));
        var parts = platform.Split('/');
        return new(Manifests.Digest(fill), Manifests.Image, 1, parsed with { Variant = parts.Length > 2 ? parts[2] : "" });
    }
}
