// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class ImageNameTests
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("redis", null, "redis", "latest", null)]
    [InlineData("redis:7.4", null, "redis", "7.4", null)]
    [InlineData("shop/web", null, "shop/web", "latest", null)]
    [InlineData("localhost/web:1", "localhost", "web", "1", null)]
    [InlineData("registry.lab:5000/web", "registry.lab:5000", "web", "latest", null)]
    [InlineData("registry.lab:5000/a/b-c/d__e:V1.2_x", "registry.lab:5000", "a/b-c/d__e", "V1.2_x", null)]
    [InlineData("HOST/web", "HOST", "web", "latest", null)]
    [InlineData("[::1]:5000/web:1", "[::1]:5000", "web", "1", null)]
    [InlineData("127.0.0.1:5000/web@" + Hash, "127.0.0.1:5000", "web", null, Hash)]
    [InlineData("registry.example/web:1@" + Hash, "registry.example", "web", "1", Hash)]
    public void A_reference_is_read_as_engines_do(string text, string? registry, string repository, string? tag, string? digest)
    {
        var name = ImageName.Parse(text);
        Assert.Equal((registry, repository, tag, digest), (name.Registry, name.Repository, name.Tag, name.Digest?.ToString()));
        Assert.Equal(name, ImageName.Parse(name.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Web")]
    [InlineData("web:")]
    [InlineData("web:-1")]
    [InlineData("web:a b")]
    [InlineData("web:1\n")]
    [InlineData("web\n")]
    [InlineData("/web")]
    [InlineData("web/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a/%2e%2e/b")]
    [InlineData("web?x")]
    [InlineData("web#x")]
    [InlineData("registry.example:port/web")]
    [InlineData("registry.example:99999/web")]
    [InlineData("user@registry.example/web")]
    [InlineData("reg_istry.example/web")]
    [InlineData("web@sha256:12")]
    [InlineData("web@md5:0123456789abcdef0123456789abcdef")]
    [InlineData("web@" + Hash + "0")]
    [InlineData("web@")]
    [InlineData("web:1@")]
    public void What_is_no_reference_is_refused(string? text) => Assert.False(ImageName.TryParse(text, out _));

    [Fact]
    public void Names_and_tags_have_a_greatest_length()
    {
        Assert.True(ImageName.TryParse(new string('a', 255), out _));
        Assert.False(ImageName.TryParse(new string('a', 256), out _));
        Assert.True(ImageName.TryParse("a:" + new string('b', 128), out _));
        Assert.False(ImageName.TryParse("a:" + new string('b', 129), out _));
    }

    [Fact]
    public void A_digest_is_of_the_content_that_it_names()
    {
        var digest = ContentDigest.Of("abc"u8);
        Assert.Equal("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.ToString());
        Assert.True(digest.IsOf("abc"u8));
        Assert.False(digest.IsOf("abd"u8));
        var longer = "sha512:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData("abc"u8));
        Assert.True(ContentDigest.TryParse(longer, out var other) && other.IsOf("abc"u8) && !other.IsOf("abd"u8));
        Assert.False(ContentDigest.TryParse(digest.ToString().ToUpperInvariant(), out _));
    }
}
