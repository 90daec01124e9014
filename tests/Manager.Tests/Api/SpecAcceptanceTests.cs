// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

public sealed class SpecAcceptanceTests
{
    [Fact]
    public void An_accepted_spec_has_its_hashes()
    {
        var accepted = SpecAcceptance.Accept(Specs.Web().ToWire());
        Assert.Equal(SpecHash.OfSpec(Specs.Web()), accepted.SpecHash);
        Assert.Equal(SpecHash.OfTemplate(Specs.Web()), accepted.TemplateHash);
    }

    [Fact]
    public void No_spec_at_all_is_refused() => Assert.Equal(["spec"], Fields(() => SpecAcceptance.Accept(null)));

    [Fact]
    public void A_spec_larger_than_256_kilobytes_is_refused()
    {
        var wire = Specs.Web().ToWire();
        for (var i = 0; i < 20; i++) wire.Container.Environment[$"A{i}"] = new string('x', 15_000);
        Assert.Equal(["spec"], Fields(() => SpecAcceptance.Accept(wire)));
    }

    [Fact]
    public void All_errors_of_a_stack_are_said_at_once_with_the_services_names()
    {
        var one = Specs.Web(name: "shop/web").ToWire();
        var two = Specs.Web(name: "shop/api", replicas: 10_001).ToWire();
        two.Container.Image = "";
        var other = Specs.Web(name: "blog/db").ToWire();
        var twice = Specs.Web(name: "shop/web").ToWire();
        Assert.Equal(
            ["services.api.replicas", "services.api.image", "services.db.stack", "services.web.name"],
            Fields(() => SpecAcceptance.AcceptAll([one, two, other, twice], "shop")));
    }

    [Fact]
    public void A_stack_has_a_name_and_a_service() =>
        Assert.Equal(["stack", "services"], Fields(() => SpecAcceptance.AcceptAll([], "Shop")));

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public void No_replicas_and_ten_thousand_are_accepted(int replicas) =>
        Assert.Equal(replicas, SpecAcceptance.Accept(Specs.Web(replicas).ToWire()).Spec.Replicas);

    private static List<string> Fields(Func<object> accept)
    {
        var error = Assert.Throws<RpcException>(() => accept());
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return [.. V1.ErrorDetail.Parser.ParseFrom(error.Trailers.Single(one => one.Key == ErrorTrailer.Name).ValueBytes)
            .Fields.Select(field => field.Field)];
    }
}
