'use strict';

// The finished Express tutorial application of Smartcar's getting-started guide, as the Connect
// contract (G.1) describes it. It knows nothing of Carport; the environment leads it there.

const path = require('node:path');
const express = require('express');
const {engine} = require('express-handlebars');
const smartcar = require('smartcar');

const app = express();
app.engine('.hbs', engine({defaultLayout: false, extname: '.hbs'}));
app.set('view engine', '.hbs');
app.set('views', path.join(__dirname, 'views'));

const port = process.env.PORT || 8000;

// One vehicle owner at a time.
let access;

const client = new smartcar.AuthClient({
  mode: 'test',
  redirectUri: process.env.SMARTCAR_REDIRECT_URI,
});

app.get('/login', (req, res) => {
  const link = client.getAuthUrl(['required:read_vehicle_info']);
  res.render('home', {url: link});
});

app.get('/exchange', async(req, res) => {
  const {code} = req.query;
  access = await client.exchangeCode(code);
  res.redirect('/vehicle');
});

app.get('/vehicle', async(req, res) => {
  const {vehicles} = await smartcar.getVehicles(access.accessToken);
  const vehicle = new smartcar.Vehicle(vehicles[0], access.accessToken);
  const attributes = await vehicle.attributes();
  res.render('vehicle', {info: attributes});
});

app.listen(port, () => console.log(`Listening on port ${port}`));
