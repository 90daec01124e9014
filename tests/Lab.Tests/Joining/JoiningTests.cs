// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Joining;

/// <summary>Who may join, and what is said to those who may not. h3 never gets in; h2 does in one of the tests.</summary>
[Trait("Category", "Lab")]
public sealed class JoiningTests(JoiningFixture fixture) : IClassFixture<JoiningFixture>
{
    private const int NotPermitted = 9;

    [Fact]
    public void Init_prints_the_join_command_and_the_next_steps() =>
        fixture.Init.ExpectText("cluster join", $"{fixture.Lab.AddressOf("h1")}:7443", "--token CMT-", "cluster run");

    [Fact]
    public async Task Init_on_a_machine_that_is_in_a_cluster_changes_nothing()
    {
        var manager = await fixture.Lab.PidAsync("h1", "manager");
        var again = await fixture.ClusterAsync("h1", "init", "--data-dir", fixture.Lab.DataOf("h1"));
        Assert.True(again.ExitCode is 0 or 2 or 8, $"{again}");
        again.ExpectText("already");
        Assert.Equal(manager, await fixture.Lab.PidAsync("h1", "manager"));
    }

    [Fact]
    public async Task A_token_with_a_wrong_secret_is_refused()
    {
        var token = await fixture.TokenAsync();
        await RefusedAsync(token[..^6] + (token.EndsWith("zzzzzz", StringComparison.Ordinal) ? "yyyyyy" : "zzzzzz"), 2, NotPermitted);
    }

    [Fact]
    public async Task What_is_no_token_is_bad_input() => await RefusedAsync("CMT-nonsense", 2);

    [Fact]
    public async Task A_token_of_another_clusters_ca_is_refused_before_anything_is_sent()
    {
        var words = (await fixture.TokenAsync()).Split('-');
        // The pin of the CA is one of the parts: with each part changed in turn none may be accepted.
        for (var part = 2; part < words.Length; part++)
        {
            var changed = words.ToArray();
            changed[part] = Changed(changed[part]);
            await RefusedAsync(string.Join('-', changed), 2, NotPermitted);
        }
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        var token = await fixture.TokenAsync();
        var id = token.Split('-')[2]; // CMT-version-id-secret-pin
        (await fixture.ClusterAsync("h1", "token", "revoke", id)).Expect(0);
        var tokens = (await fixture.ClusterAsync("h1", "token", "ls", "-o", "json")).Expect(0).Json();
        Assert.True(tokens.EnumerateArray().Single(row => row.GetProperty("id").GetString() == id).GetProperty("revoked").GetBoolean());
        (await RefusedAsync(token, NotPermitted)).ExpectText("revoked");
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task An_expired_token_is_refused()
    {
        await Eventually.TrueAsync(
            "the token's minute is over", 70,
            () => Task.FromResult(TimeProvider.System.GetElapsedTime(fixture.ShortTokenMade) > TimeSpan.FromSeconds(61)));
        (await RefusedAsync(fixture.ShortToken, NotPermitted)).ExpectText("expired");
    }

    [Fact]
    public async Task A_manager_needs_a_managers_token()
    {
        var token = await fixture.TokenAsync();
        (await fixture.JoinAsync("h3", token, more: "--manager")).Expect(NotPermitted).ExpectText("--manager");
    }

    [Fact]
    public async Task A_token_for_one_use_lets_one_node_in_and_a_name_is_taken_once()
    {
        var token = await fixture.TokenAsync("--uses", "1");
        (await fixture.JoinAsync("h2", token)).Expect(0);
        await Eventually.HoldsAsync(
            "h2 is a node", 20, () => fixture.ClusterAsync("h1", "node", "ls"), nodes =>
                nodes.ExitCode == 0 && nodes.Text.Contains("h2", StringComparison.Ordinal));
        (await RefusedAsync(token, NotPermitted)).ExpectText("used");

        var other = await fixture.TokenAsync();
        (await fixture.JoinAsync("h3", other, name: "h2")).Expect(8).ExpectText("h2");
        (await fixture.JoinAsync("h3", other, name: "Not_a_label")).Expect(2);
    }

    [Fact]
    public async Task Join_where_no_manager_is_says_so()
    {
        var token = await fixture.TokenAsync();
        (await fixture.JoinAsync("h3", token, via: "h3")).Expect(7).ExpectText(fixture.Lab.AddressOf("h3"));
    }

    private async Task<CommandResult> RefusedAsync(string token, params int[] codes)
    {
        var result = await fixture.JoinAsync("h3", token);
        Assert.True(codes.Contains(result.ExitCode), $"{result}");
        Assert.DoesNotContain(token, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("h3", (await fixture.ClusterAsync("h1", "node", "ls", "-o", "name")).Expect(0).Lines);
        return result;
    }

    // Another character of the same alphabet in the middle.
    private static string Changed(string word)
    {
        var at = word.Length / 2;
        return word[..at] + (word[at] == '3' ? '4' : '3') + word[(at + 1)..];
    }
}
