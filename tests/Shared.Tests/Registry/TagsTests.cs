// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;
using static ClusterManager.Shared.Tests.Registry.ScriptedHandler;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class TagsTests
{
    private static readonly ImageName Web = ImageName.Parse("registry.example/shop/web:1");

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        var handler = new ScriptedHandler(request => request.Address.Query switch
        {
            "?n=500" => Answer(200, """{"tags":["1","2"]}""", ("Link", "</v2/shop/web/tags/list?last=2&n=2>; rel=\"next\"")),
            "?last=2&n=2" => Answer(200, """{"tags":["2","3",null,"no tag","-x"]}""",
                ("Link", "<https://registry.example/v2/shop/web/tags/list?last=3>; title=a, </first>; rel=first, </x?last=3>; rel=next")),
            _ => Answer(200, """{"tags":null}"""),
        });
        var tags = await TagsAsync(handler, 100);
        Assert.Equal(["1", "2", "3"], tags.Tags);
        Assert.True(tags.IsComplete);
        Assert.Equal("/x", handler.Requests[^1].Path);
    }

    [Fact]
    public async Task A_count_ends_the_reading()
    {
        var handler = new ScriptedHandler(_ => Answer(200, """{"tags":["1","2","3"]}""", ("Link", "</next>; rel=\"next\"")));
        var tags = await TagsAsync(handler, 2);
        Assert.Equal(["1", "2"], tags.Tags);
        Assert.False(tags.IsComplete);
        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task Pages_that_bring_nothing_new_end_the_reading()
    {
        var handler = new ScriptedHandler(_ => Answer(200, """{"tags":["1"]}""", ("Link", "</v2/shop/web/tags/list>; rel=\"next\"")));
        Assert.False((await TagsAsync(handler, 100)).IsComplete);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Theory]
    [InlineData("<http://registry.example/x>; rel=\"next\"")]
    [InlineData("<https://other.example/x>; rel=\"next\"")]
    [InlineData("<//other.example/x>; rel=\"next\"")]
    [InlineData("<https://a@registry.example/x>; rel=\"next\"")]
    public async Task A_list_that_goes_on_elsewhere_is_not_followed(string link)
    {
        var handler = new ScriptedHandler(_ => Answer(200, """{"tags":["1"]}""", ("Link", link)));
        Assert.Equal(RegistryErrorKind.Protocol, (await Assert.ThrowsAsync<RegistryException>(() => TagsAsync(handler, 100))).Kind);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData("rel=\"next\"")]
    [InlineData("<")]
    [InlineData("<<<>")]
    [InlineData("</x>")]
    [InlineData("</x>; rel=\"prev\"")]
    public async Task What_is_no_link_to_a_next_page_is_the_end(string link)
    {
        var handler = new ScriptedHandler(_ => Answer(200, """{"tags":["1"]}""", ("Link", link)));
        Assert.True((await TagsAsync(handler, 100)).IsComplete);
    }

    private static async Task<TagList> TagsAsync(ScriptedHandler handler, int countMax)
    {
        using var client = new RegistryClient(new RegistryClientOptions(), handler);
        return await client.TagsAsync(Web, countMax, default);
    }
}
