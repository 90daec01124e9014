// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using ClusterManager.Manager.Registry;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Registry;

/// <summary>The answer to "which tags are there", over a registry of a few lines.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it by IAsyncLifetime.")]
public sealed class TagAnswersTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-tags-").FullName;
    private WebApplication _app = null!;
    private RegistryAccess _registries = null!;
    private int _status = 200;

    private string Host => new Uri(_app.Urls.Single()).Authority;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/v2/web/tags/list" ? _status : 404;
            context.Response.Headers.RetryAfter = "42";
            return context.Response.WriteAsync("""{"tags":["1","1.10","latest","1.9"]}""");
        });
        await _app.StartAsync();
        var file = Path.Combine(_directory, "registries.json");
        await File.WriteAllTextAsync(file, $"{{\"registries\":{{\"{Host}\":{{\"plainHttp\":true}}}}}}");
        _registries = new RegistryAccess(file, TimeProvider.System, NullLogger<RegistryAccess>.Instance);
    }

    public async Task DisposeAsync()
    {
        _registries.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_services_tags_are_in_order_and_what_runs_is_marked()
    {
        var state = States.Empty().With(Specs.Web(image: $"{Host}/web:1.9")).With(Specs.Web(image: $"{Host}/web:1.9", name: "blue"))
            .With(Specs.Web(image: $"{Host}/other:1.10", name: "green"));
        var answer = await AskAsync(state, "web");
        Assert.Equal(("web", $"{Host}/web:1.9", Host, true), (answer.Service.Name, answer.Image, answer.Registry, answer.Complete));
        Assert.Equal(["1.10", "1.9", "1", "latest"], answer.Tags.Select(tag => tag.Name));
        Assert.Equal([(1, "web"), (1, "blue")], answer.Tags.Index()
            .SelectMany(tag => tag.Item.Running.Select(service => (tag.Index, service.Name))));
    }

    [Fact]
    public async Task An_image_needs_no_service()
    {
        var answer = await AskAsync(States.Empty(), $"{Host}/web");
        Assert.Null(answer.Service);
        Assert.Equal(4, answer.Tags.Count);
    }

    [Theory]
    [InlineData("wbe", "defaultRegistry")]
    [InlineData("No Image", "no image")]
    public async Task What_is_neither_is_not_found_and_near_names_are_told(string subject, string words)
    {
        var state = States.Empty().With(Specs.Web());
        var error = await Assert.ThrowsAsync<RpcException>(() => AskAsync(state, subject));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, ReasonCode.ImageNotFound)]
    [InlineData(403, ReasonCode.RegistryDenied)]
    [InlineData(429, ReasonCode.RegistryUnreachable)]
    [InlineData(500, ReasonCode.RegistryUnreachable)]
    public async Task A_registrys_failure_is_in_the_answer(int status, ReasonCode reason)
    {
        _status = status;
        var answer = await AskAsync(States.Empty(), $"{Host}/web");
        Assert.Equal(reason, (ReasonCode)answer.Failure.Code);
        Assert.Contains(Host, answer.Failure.Text, StringComparison.Ordinal);
        Assert.Equal(status >= 429, answer.Failure.Text.EndsWith("42 s", StringComparison.Ordinal));
    }

    private Task<ClusterManager.Wire.V1.ImageTags> AskAsync(ClusterState state, string subject) =>
        new TagAnswers(_registries).ListAsync(state, subject, default);
}
