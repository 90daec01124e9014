// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class KvRealTests(SingleConsulFixture fixture)
{
    private readonly ConsulKv _kv = fixture.Client.Kv;

    [Fact]
    public async Task A_key_reads_back_what_was_written()
    {
        var value = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await _kv.PutAsync("kv/plain", value, default);

        var answer = await _kv.GetAsync("kv/plain", ReadOptions.Consistent, default);

        Assert.Equal(value, answer.Value!.Value);
        Assert.Equal("kv/plain", answer.Value.Key);
        Assert.True(answer.Value.ModifyIndex > 0);
        Assert.Equal(answer.Value.ModifyIndex, answer.Index);
        Assert.Null(answer.Value.Session);
        Assert.True(answer.KnownLeader);
    }

    [Theory]
    [InlineData("kv/odd/with space")]
    [InlineData("kv/odd/per%cent")]
    [InlineData("kv/odd/que?stion")]
    [InlineData("kv/odd/ha#sh")]
    [InlineData("kv/odd/plus+and&and=")]
    [InlineData("kv/odd/grüße")]
    [InlineData("kv/odd/dots...")]
    public async Task A_key_of_odd_characters_reaches_exactly_itself(string key)
    {
        await _kv.PutAsync(key, Encoding.UTF8.GetBytes(key), default);

        var list = await _kv.ListAsync("kv/odd/", ReadOptions.Default, default);

        var entry = Assert.Single(list.Value, entry => entry.Key == key);
        Assert.Equal(key, Encoding.UTF8.GetString(entry.Value));
        Assert.NotNull((await _kv.GetAsync(key, ReadOptions.Default, default)).Value);
        await _kv.DeleteAsync(key, default);
        Assert.Null((await _kv.GetAsync(key, ReadOptions.Default, default)).Value);
    }

    [Fact]
    public async Task An_empty_value_is_empty_and_not_absent()
    {
        await _kv.PutAsync("kv/empty", ReadOnlyMemory<byte>.Empty, default);
        Assert.Empty((await _kv.GetAsync("kv/empty", ReadOptions.Default, default)).Value!.Value);
    }

    [Fact]
    public async Task Nothing_below_a_prefix_is_an_empty_list()
    {
        Assert.Empty((await _kv.ListAsync("kv/none/", ReadOptions.Default, default)).Value);
        Assert.Empty((await _kv.KeysAsync("kv/none/", ReadOptions.Default, default)).Value);
    }

    [Fact]
    public async Task Keys_come_in_the_order_of_their_bytes()
    {
        foreach (var name in new[] { "b", "a", "c" })
            await _kv.PutAsync($"kv/order/{name}", new byte[] { 1 }, default);
        Assert.Equal(["kv/order/a", "kv/order/b", "kv/order/c"], (await _kv.KeysAsync("kv/order/", ReadOptions.Default, default)).Value);
    }

    [Fact]
    public async Task A_cas_with_an_old_index_writes_nothing()
    {
        Assert.True(await _kv.CasAsync("kv/cas", "1"u8.ToArray(), 0, default));
        Assert.False(await _kv.CasAsync("kv/cas", "2"u8.ToArray(), 0, default));
        var entry = (await _kv.GetAsync("kv/cas", ReadOptions.Default, default)).Value!;
        Assert.Equal("1"u8.ToArray(), entry.Value);
        Assert.True(await _kv.CasAsync("kv/cas", "3"u8.ToArray(), entry.ModifyIndex, default));
    }

    [Fact]
    public async Task A_value_beyond_the_limit_is_a_bad_request()
    {
        var error = await Assert.ThrowsAsync<ConsulException>(() => _kv.PutAsync("kv/large", new byte[(512 * 1024) + 1], default));
        Assert.Equal(ConsulErrorKind.BadRequest, error.Kind);
    }

    [Fact]
    public async Task A_lock_passes_to_the_next_session_with_a_larger_token()
    {
        var first = await fixture.CreateSessionAsync("kv-lock-1", TimeSpan.FromMinutes(1));
        var second = await fixture.CreateSessionAsync("kv-lock-2", TimeSpan.FromMinutes(1));

        Assert.True(await _kv.AcquireAsync("kv/lock", "1"u8.ToArray(), first, default));
        Assert.False(await _kv.AcquireAsync("kv/lock", "2"u8.ToArray(), second, default));
        var held = (await _kv.GetAsync("kv/lock", ReadOptions.Consistent, default)).Value!;
        Assert.Equal(first, held.Session);

        Assert.False(await _kv.ReleaseAsync("kv/lock", "x"u8.ToArray(), second, default));
        await fixture.Client.Sessions.DestroyAsync(first, default);
        Assert.Null((await _kv.GetAsync("kv/lock", ReadOptions.Consistent, default)).Value!.Session);
        Assert.True(await _kv.AcquireAsync("kv/lock", "2"u8.ToArray(), second, default));
        var taken = (await _kv.GetAsync("kv/lock", ReadOptions.Consistent, default)).Value!;
        Assert.Equal(second, taken.Session);
        Assert.True(taken.LockIndex > held.LockIndex);
    }
}
