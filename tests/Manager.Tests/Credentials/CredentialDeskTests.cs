// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Credentials;

/// <summary>Stored credentials open where they belong; those of helpers are asked for when the last one ends.</summary>
public sealed class CredentialDeskTests
{
    private const string Registry = "registry.test:5000";
    private readonly SortedDictionary<string, RegistryLoginRecord> _logins = new(StringComparer.Ordinal);
    private readonly VirtualTime _time = new();
    private readonly HelperDouble _helper;
    private readonly CredentialDesk _desk;

    public CredentialDeskTests()
    {
        _helper = new HelperDouble(_time);
        var box = new SecretBox(ClusterKey.FromBytes(RandomNumberGenerator.GetBytes(32)));
        _desk = new CredentialDesk(() => _logins, box, _helper, _time, NullLogger<CredentialDesk>.Instance);
    }

    [Fact]
    public async Task A_stored_password_opens_for_its_registry_and_for_no_other()
    {
        Assert.Null(await FindAsync(Registry));
        Put(new Secret("s3cret-password"));
        Assert.Equal(new RegistryCredential("puller", "s3cret-password"), await FindAsync(Registry));
        Assert.Null(await FindAsync("registry.test:5001"));
        _logins["evil.test"] = _logins[Registry] with { Registry = "evil.test" };
        var error = await Assert.ThrowsAsync<RegistryException>(() => FindAsync("evil.test"));
        Assert.Equal(RegistryErrorKind.Refused, error.Kind);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helpers_token_is_used_until_shortly_before_its_end_and_never_after()
    {
        PutHelper();
        _helper.Life = TimeSpan.FromSeconds(60);
        for (var second = 0; second < 600; second++)
        {
            var found = await FindAsync(Registry);
            Assert.True(_helper.IsAlive(found!.Password), $"at {second} s");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_helper.Runs, 10, 14);
    }

    [Fact]
    public async Task Who_comes_while_the_helper_runs_gets_its_answer_too()
    {
        PutHelper();
        _helper.Gate = new TaskCompletionSource();
        var all = Enumerable.Range(0, 20).Select(_ => FindAsync(Registry)).ToList();
        _helper.Gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(1, _helper.Runs);
    }

    [Fact]
    public async Task A_helper_that_fails_is_asked_again_and_its_output_is_not_told()
    {
        PutHelper();
        _helper.Output = "oh no: s3cret-token";
        var error = await Assert.ThrowsAsync<RegistryException>(() => FindAsync(Registry));
        Assert.Equal((RegistryErrorKind.Refused, Registry), (error.Kind, error.Registry));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        _helper.Output = null;
        Assert.NotNull(await FindAsync(Registry));
        Assert.Equal(2, _helper.Runs);
        PutHelper();
        Assert.NotNull(await FindAsync(Registry));
        Assert.Equal(3, _helper.Runs);
    }

    [Theory]
    [InlineData("""{"ServerURL":"r","Username":"puller","Secret":"x"}""", "puller", "x", null, 30)]
    [InlineData("""{"Username":"<token>","Secret":"x"}""", "", "", "x", 30)]
    [InlineData("""{"Secret":"x","ExpiresAt":"2030-01-01T00:01:00Z"}""", "", "", "x", 45)]
    [InlineData("""{"Secret":"x","ExpiresAt":"2030-01-01T01:00:00Z"}""", "", "", "x", 3585)]
    [InlineData("""{"Secret":"x","ExpiresAt":"2031-01-01T00:00:00Z"}""", "", "", "x", 86385)]
    [InlineData("""{"Secret":"x","ExpiresAt":"tomorrow"}""", "", "", "x", 30)]
    public void What_a_helper_prints_is_read(string text, string user, string password, string? token, int seconds)
    {
        var answer = HelperAnswer.Read(Encoding.UTF8.GetBytes(text), ModelCluster.Epoch)!;
        Assert.Equal(new RegistryCredential(user, password, token), answer.Credential);
        Assert.Equal(ModelCluster.Epoch.AddSeconds(seconds), answer.Until);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"Username":"puller"}""")]
    [InlineData("""{"Secret":""}""")]
    [InlineData("""{"Secret":7}""")]
    public void What_is_no_credential_is_none(string text) =>
        Assert.Null(HelperAnswer.Read(Encoding.UTF8.GetBytes(text), ModelCluster.Epoch));

    private Task<RegistryCredential?> FindAsync(string registry) => _desk.FindAsync(registry, CancellationToken.None).AsTask();

    private void Put(Secret password) => _logins[Registry] = new RegistryLoginRecord
    {
        Registry = Registry, Username = "puller", Sealed = _desk.Seal(Registry, password), CreatedBy = "olga",
        CreatedAt = ModelCluster.Epoch,
    };

    private void PutHelper() => _logins[Registry] = new RegistryLoginRecord
    {
        Registry = Registry, Username = "", Helper = "registry-token", CreatedBy = "olga", CreatedAt = ModelCluster.Epoch,
    };
}
