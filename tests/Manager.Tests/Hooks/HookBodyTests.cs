// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Manager.Hooks;

namespace ClusterManager.Manager.Tests.Hooks;

/// <summary>What registries send, and what nobody should.</summary>
public sealed class HookBodyTests
{
    [Fact]
    public void A_registry_of_ones_own_sends_events_of_which_pushes_are_news()
    {
        const string Body = """
            {"events":[
              {"id":"1","action":"push","target":{"mediaType":"m","digest":"sha256:1","repository":"shop/web","tag":"latest","size":7}},
              {"id":"2","action":"push","target":{"repository":"shop/web"}},
              {"id":"3","action":"pull","target":{"repository":"shop/web","tag":"latest"}},
              {"id":"4","action":"push","target":{"repository":"shop/web","tag":"latest"}}]}
            """;
        Assert.Equal([new ImageNotice("shop/web", "latest"), new ImageNotice("shop/web", "")], Read(Body));
        Assert.Empty(Read("""{"events":[{"action":"pull","target":{"repository":"a"}}]}""")!);
        Assert.Empty(Read("""{"events":[]}""")!);
    }

    [Theory]
    [InlineData("""{"push_data":{"tag":"2.4","pusher":"olga"},"repository":{"repo_name":"shop/web"},"more":"x"}""", "shop/web", "2.4")]
    [InlineData("""{"push_data":{},"repository":{"repo_name":"shop/web"}}""", "shop/web", "")]
    [InlineData("""
        {"action":"published","registry_package":{"name":"Web","namespace":"Shop","package_version":{"container_metadata":{"tag":
        {"name":"v1"}}}}}
        """, "shop/web", "v1")]
    [InlineData("""{"action":"updated","package":{"name":"web","namespace":"shop"}}""", "shop/web", "")]
    [InlineData("""{"package":{"name":"web"}}""", "web", "")]
    public void The_forms_of_public_registries_are_understood(string body, string repository, string tag) =>
        Assert.Equal([new ImageNotice(repository, tag)], Read(body));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"events\":{}}")]
    [InlineData("{\"events\":[1]}")]
    [InlineData("{\"events\":[{\"action\":\"push\"}]}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":7}}]}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"../etc\"}}]}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"web\",\"tag\":\"a b\"}}]}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"web:1\"}}]}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"web\\n\"}}]}")]
    [InlineData("{\"push_data\":{\"tag\":\"1\"},\"repository\":{}}")]
    [InlineData("{\"push_data\":7,\"repository\":\"x\"}")]
    [InlineData("{\"package\":{\"name\":\"a//b\"}}")]
    public void What_is_none_of_them_is_not_understood(string body) => Assert.Null(Read(body));

    [Fact]
    public void Depth_and_number_are_bounded()
    {
        Assert.Null(Read(new string('[', 60_000)));
        var one = "{\"action\":\"push\",\"target\":{\"repository\":\"r%\"}}";
        Assert.Equal(HookBody.NewsMax, Read(Many(HookBody.NewsMax))!.Count);
        Assert.Null(Read(Many(HookBody.NewsMax + 1)));

        string Many(int count)
        {
            var all = Enumerable.Range(0, count).Select(i => one.Replace("%", $"{i}", StringComparison.Ordinal));
            return "{\"events\":[" + string.Join(',', all) + "]}";
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_a_throw()
    {
        // Half of them begin as a message does, with some bytes changed.
        var good = Encoding.UTF8.GetBytes("""{"events":[{"action":"push","target":{"repository":"shop/web","tag":"latest"}}]}""");
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var body = seed % 2 == 0 ? new byte[random.Next(200)] : [.. good];
            if (seed % 2 == 0) random.NextBytes(body);
            else for (var i = 0; i < 3; i++) body[random.Next(body.Length)] = (byte)random.Next(256);
            Assert.True(HookBody.Read(body) is null or { Count: <= HookBody.NewsMax }, $"seed {seed}");
        }
    }

    private static IReadOnlyCollection<ImageNotice>? Read(string body) => HookBody.Read(Encoding.UTF8.GetBytes(body));
}
